"""Which resources a run is about."""

from dataclasses import replace

import pytest

from reconciler.errors import Usage
from reconciler.model import Source
from reconciler.plan.select import closure, selected
from tests.shop import resource

NET = resource("shop.net/main")
WEB = replace(
    resource("shop.store/web", {"netId": "${shop.net/main.NetId}", "tag": "${input.tag}"}),
    source=Source("desired/test/30-stores.yaml", 4),
)
OTHER = resource("shop.store/other", depends_on=("shop.vault/data",))
CLERK = resource("shop.clerk/web", {"store": "${shop.store/web.storeArn}"})
DATA = resource("shop.vault/data")
ALL = (NET, WEB, OTHER, CLERK, DATA)


@pytest.fixture
def all_of_them(estate, tmp_path, monkeypatch):
    (tmp_path / "desired/test").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return estate(*ALL)


@pytest.mark.parametrize(
    ("only", "but", "chosen"),
    [
        ((), (), {each.address for each in ALL}),
        (("shop.store",), (), {"shop.store/web", "shop.store/other"}),
        (("shop.store/web",), (), {"shop.store/web"}),
        (("*/web",), (), {"shop.store/web", "shop.clerk/web"}),
        (("shop.c*", "shop.v*"), (), {"shop.clerk/web", "shop.vault/data"}),
        (("30-stores.yaml",), (), {"shop.store/web"}),
        (("*stores.yaml",), (), {"shop.store/web"}),
        (("./30-stores.yaml",), (), {"shop.store/web"}),
        (("test/30-stores.yaml",), (), {"shop.store/web"}),
        (("desired/../desired/test/30-stores.yaml",), (), {"shop.store/web"}),
        (("shop.store",), ("*/web",), {"shop.store/other"}),
        ((), ("shop.store", "shop.clerk"), {"shop.net/main", "shop.vault/data"}),
        (("shop.store/web",), ("shop.store",), set()),
    ],
)
def test_only_these_but_not_those(all_of_them, only, but, chosen):
    assert selected(all_of_them, only, but) == chosen


@pytest.mark.parametrize(
    ("only", "but"), [(("shop.stor",), ()), (("shop.store", "x.yaml"), ()), ((), ("shop.store/x",))]
)
def test_a_pattern_that_names_nothing_is_an_error_and_says_how_to_write_it(all_of_them, only, but):
    with pytest.raises(Usage, match=f"{(*only, *but)[-1]} names no resource here"):
        selected(all_of_them, only, but)


def test_a_file_is_named_whole(all_of_them):
    with pytest.raises(Usage):
        selected(all_of_them, ("stores.yaml",), ())


def test_a_name_with_wildcards_names_itself(estate):
    brackets = resource("shop.store/[a]")
    assert selected(estate(brackets, NET), ("shop.store/[a]",), ()) == {"shop.store/[a]"}


def test_the_one_meant_is_named(all_of_them):
    with pytest.raises(Usage, match=r"Did you mean shop\.store/web\?"):
        selected(all_of_them, ("shop.store/wbe",), ())


def test_what_they_stand_on_is_read_as_well(all_of_them):
    assert closure(all_of_them, {"shop.clerk/web"}) == {
        "shop.clerk/web",
        "shop.store/web",
        "shop.net/main",
    }
    assert closure(all_of_them, {"shop.store/other"}) == {"shop.store/other", "shop.vault/data"}
    assert closure(all_of_them, set()) == set()
