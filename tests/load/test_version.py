"""`version` in environment.yaml: which versions of the tool may read these files."""

from __future__ import annotations

import pytest

from reconciler.load import version

NET = "shop.net: {main: {Range: 10.0.0.0/16}}\n"


@pytest.fixture(autouse=True)
def running(monkeypatch):
    monkeypatch.setattr(version, "version", lambda name: {"muvi-converge": "1.4.2"}[name])


def pinned(pin):
    return f"account: '123456789012'\nregion: eu-central-1\nversion: {pin}\n"


@pytest.mark.parametrize("pin", ["'>=1.2,<2'", "'==1.4.2'", "'~=1.4'", "'>=1.2, <2'", "null", ""])
def test_a_version_that_it_allows_reads_them(declared, pin):
    assert len(declared(NET, environment=pinned(pin)).resources) == 1


@pytest.mark.parametrize("pin", ["'>=2'", "'<1.4.2'", "'==1.4.1'", "'!=1.4.2'"])
def test_another_is_told_what_to_do(problems, pin):
    told = problems(NET, environment=pinned(pin))
    assert told.startswith("desired/test/environment.yaml:3:10: version is ")
    assert "this is muvi-converge 1.4.2" in told
    assert f"pip install 'muvi-converge{pin.strip(chr(39))}'" in told


def test_a_candidate_of_an_allowed_version_may_be_tried(declared, monkeypatch):
    monkeypatch.setattr(version, "version", lambda _: "1.5.0rc1")
    assert declared(NET, environment=pinned("'>=1.2,<2'")).resources


@pytest.mark.parametrize("pin", ["1.2", "'1.2'", "'newest'", "'>=1.2 <2'", "'^1.2'"])
def test_what_names_no_versions_is_refused(problems, pin):
    assert "names no versions; write it as '>=1.2,<2', in quotes" in problems(
        NET, environment=pinned(pin)
    )


def test_an_empty_pin_is_none(problems):
    assert "allows every version" in problems(NET, environment=pinned("''"))


def test_a_list_is_no_pin(problems):
    assert "version" in problems(NET, environment=pinned("['>=1.2']"))


def test_what_this_version_does_not_know_is_not_its_to_judge(problems):
    """The keys of a newer version would only be called misspelt."""
    told = problems(NET, environment=pinned("'>=2'") + "healing: nightly\n")
    assert "healing" not in told
