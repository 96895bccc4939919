"""Fields of others, and what a change says of itself."""

import pytest

from reconciler.model import UNKNOWN, Asked, Change, FieldChange, Items, Observed, Within, top


@pytest.mark.parametrize(
    ("within", "before", "wanted"),
    [
        (Within("x", 1, 4), 3, 3),
        (Within("x", 1, 4), 0, 1),
        (Within("x", 1, 4), 5, 4),
        (Within("x", low=1), 900, 900),
        (Within("x", low=0), -3, 0),
        (Within("x", high=4), -5, -5),
        (Within("x", low=0, high=0), 3, 0),
        (Within("x", among=("a", "b")), "b", "b"),
        (Within("x", among=("a", "b")), "c", "declared"),
        (Within("x", like="web:*"), "web:7", "web:7"),
        (Within("x", like="web:*"), "WEB:7", "declared"),
        (Within("x", like="web:*"), "my-web:7", "declared"),
        (Within("x", above="14.17"), "14.17", "14.17"),
        (Within("x", above="14.17"), "14.20.1", "14.20.1"),
        (Within("x", above="14.17"), "14.9", "declared"),
        (Within("x", above="14.17"), "15.1", "declared"),
        (Within("x", above="14.17"), "13.99", "declared"),
        (Within("x", above="14"), "14.2", "14.2"),
        (Within("x", 1, 4), None, "declared"),
        (Within("x", among=("a",)), None, "declared"),
        (Within("x", above="14.17"), None, "declared"),
        (Within("x"), "anything", "declared"),
    ],
)
def test_what_they_set_stays_inside_and_else_the_nearest_bound_or_ours(within, before, wanted):
    assert within.settle(before, "declared") == wanted


def change(before, wanted, *paths, tags=(None, None)):
    old, new = (each or {} for each in tags)
    fields = tuple(FieldChange(path, None, None) for path in paths)
    return Change(Observed("id", before, old), wanted, new, fields)


def test_a_change_names_top_level_properties():
    one = change({}, {"a": 1, "b": 2, "c": 3}, "a.x[1].y", "b[]", "gone.z")
    assert one.names == {"a", "b", "gone"}
    assert one.changed == {"a": 1, "b": 2}
    assert one.touches("a", "other")
    assert not one.touches("c", "other")


def test_a_change_knows_what_its_lists_gain_and_lose():
    one = change({"n": [1, {"a": 2}]}, {"n": [{"a": 2}, 3]})
    assert one.items("n") == Items(added=[3], removed=[1])
    assert one.items("nothing") == Items([], [])


def test_a_change_retags_only_if_tags_differ():
    assert not change({}, {}, tags=({"a": "1"}, {"a": "1"})).retags
    assert change({}, {}, tags=({"a": "1"}, {"a": "2"})).retags
    assert change({}, {}, tags=({"a": "1"}, {})).retags


@pytest.mark.parametrize("path", ["name", "name.x", "name[a.b].c", "name[0]", "name | [0]"])
def test_the_top_of_a_path(path):
    assert top(path) == "name"


def test_the_unknown_says_so_and_an_input_says_which():
    assert repr(UNKNOWN) == "‹known after apply›"
    assert repr(Asked("tag")) == "‹input tag›"
    assert Asked("tag") != Asked("tag")
    assert len({UNKNOWN, Asked("tag")}) == 2
