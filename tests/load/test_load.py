"""Whole environments: what they declare, and what is wrong with them."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.errors import InvalidDesired
from reconciler.load import environments, facts, load, own

from .conftest import ENVIRONMENT, SHAPES

NET = "shop.net: {main: {Range: 10.0.0.0/16}}\n"


def test_an_unknown_environment_is_refused_with_those_that_there_are(declared):
    declared(NET)
    with pytest.raises(InvalidDesired, match=r"there are test\. Did you mean test\?"):
        load(Path("desired"), "tset")
    assert environments(Path("desired")) == ["test"]


@pytest.mark.parametrize("name", ["", ".", "../desired/test", "test/../test", "\0"])
def test_no_path_is_an_environment(declared, name):
    declared(NET)
    with pytest.raises(InvalidDesired, match="there are test"):
        load(Path("desired"), name)


def test_a_folder_without_environments_says_so(tmp_path):
    with pytest.raises(InvalidDesired, match="no folder in"):
        load(tmp_path, "uat")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n---\n", "shop.net:\n"])
def test_an_environment_that_declares_nothing_is_refused(problems, text):
    assert "declares nothing, and everything that is ours there would be deleted" in problems(text)


def test_all_problems_come_at_once_in_the_order_of_the_files(problems):
    found = problems(
        "shop.net: {a: {Rnage: x, Range: y}}\n",
        **{"a.yaml": "shop.nett: {}\nshop.store: {s: {size: big}}\n", "z.yaml": "x: [\n"},
    )
    files = [line.split(":")[0].rpartition("/")[2] for line in found.splitlines()]
    assert files == ["a.yaml", "a.yaml", "shop.yaml", "z.yaml"]


def test_folders_inside_are_read_but_hidden_ones(declared):
    resources = declared(
        NET, **{"more/b.yml": "shop.net: {b: {Range: x}}", "_code/c.yaml": "[", ".d/e.yaml": "["}
    ).resources
    assert set(resources) == {"shop.net/main", "shop.net/b"}


def test_the_same_address_twice_names_both_places(problems):
    found = problems(NET, **{"zz.yaml": "\n" + NET})
    assert "desired/test/zz.yaml:2:12: shop.net/main: is declared already at" in found
    assert "at desired/test/shop.yaml:1:12" in found


def test_two_names_for_one_object_are_refused(problems):
    found = problems("shop.store: {a: {storeName: bakery, size: 1}, bakery: {size: 2}}\n")
    assert "shop.store/bakery: is the same object as shop.store/a" in found


def test_what_is_no_file_is_refused_and_not_waited_for(declared, tmp_path):
    (tmp_path / "desired/test").mkdir(parents=True)
    os.mkfifo(tmp_path / "desired/test/pipe.yaml")
    with pytest.raises(InvalidDesired, match=r"pipe\.yaml:1:1: is no file that can be read"):
        declared("")


def test_endings_in_capitals_count_as_well(declared):
    nets = "shop.net: {loud: {Range: 10.0.0.0/16}}"
    assert "shop.net/loud" in declared(**{"LOUD.YAML": nets}).resources


def test_links_out_of_the_folder_are_refused(declared, tmp_path):
    declared(NET)
    (tmp_path / "else.yaml").write_text("shop.net: {b: {Range: x}}")
    os.symlink(tmp_path / "else.yaml", tmp_path / "desired/test/link.yaml")
    with pytest.raises(InvalidDesired, match=r"link\.yaml:1:1: is a link"):
        load(Path("desired"), "test")


def test_an_environment_that_is_a_link_is_refused(declared, tmp_path):
    declared("shop.net: {main: {Range: 10.0.0.0/16}}\n")
    os.symlink(tmp_path / "desired/test", tmp_path / "desired/other")
    with pytest.raises(InvalidDesired, match="other is a link, so its files may be anybody's"):
        load(tmp_path / "desired", "other")


def test_what_an_unreadable_file_declares_is_not_missed_elsewhere(problems):
    found = problems(
        "shop.store: {abc: {size: 1, netId: '${shop.net/main.NetId}'}}\n", **{"net.yaml": "a: [\n"}
    )
    assert found.count("\n") == 0
    assert "net.yaml" in found


@pytest.mark.parametrize("text", ["", "[]", "account: '1'", "x: [", "a: 1\n---\nb: 2", "- a"])
def test_nothing_works_without_an_environment(problems, text):
    assert "environment.yaml:" in problems(NET, environment=text)


REFERENCES = st.sampled_from(
    ["${", "$${", "${each.key}", "${each.key?}", "${each.inner}", "${each.value}", "${each.a[}"]
) | st.sampled_from(
    ["${env.zones}", "${env.zones[0]}", "${env.tables.shops}", "${env.else}", "${input.tag}"]
)
OUTPUTS = st.sampled_from(
    ["${shop.net/a.NetId}", "${shop.net/a.length(Range)}", "${shop.net/a}", "${shop.clerk/a.@}"]
)
WORDS = (
    st.sampled_from([*own.ENTRY, *own.DOCUMENT, "$defaults", "$other", "shops", "edge", "1", "a"])
    | st.sampled_from([*SHAPES["shop.store"], *SHAPES["shop.clerk"], "Range", "Folder", "aaaaaa"])
    | st.sampled_from(["by", "from", "to", "among", "like", "arn:aws:shop:r:1:store/aaaaaa"])
    | REFERENCES
    | OUTPUTS
)
TREES = st.recursive(
    WORDS | st.text(max_size=5) | st.none() | st.integers() | st.floats() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)
NAMES = st.sampled_from(["a", "b", "aaaaaa", "${each.key}", "$defaults", "$region", "$else", ""])
ENTRIES = st.dictionaries(NAMES, st.dictionaries(WORDS, TREES, max_size=5) | TREES, max_size=3)
KEYS = st.sampled_from(["shop.net", "shop.store", "shop.clerk", "shop.else", "$for_each", "$x"])
FILES = st.dictionaries(KEYS, ENTRIES | st.just("shops") | TREES, max_size=4)
PROPERTIES = [*facts.shipped("environment")["properties"], "else"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(FILES.map(json.dumps))
def test_any_tree_raises_nothing_but_problems(declared, text):
    with suppress(InvalidDesired):
        assert declared(text).resources


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from(PROPERTIES), TREES))
def test_any_environment_raises_nothing_but_problems(declared, tree):
    with suppress(InvalidDesired):
        assert declared(NET, environment=json.dumps({"account": "123456789012", **tree}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=40) | st.text().map(str.encode))
def test_any_file_raises_nothing_but_problems(declared, data):
    with pytest.raises(InvalidDesired):
        declared(data)


def test_the_environment_of_these_tests_is_sound(declared):
    assert declared(NET, environment=ENVIRONMENT).environment.account == "123456789012"
