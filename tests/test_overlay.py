"""What the YAML mentions is made true, and nothing else is touched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model import ORDER, SET, UNKNOWN, Asked, FieldChange, Within
from reconciler.overlay import Overlay, bounds, differences, place, plain, same, unknown

quickly = settings(max_examples=50, deadline=None)  # machines may be busy
LISTS = {
    "names": SET,
    "steps": ORDER,
    "Items": ("Id", "DomainName"),
    "Items.Headers": SET,
    "Records": ("Name+Type",),
    "Behaviours": (ORDER, "PathPattern"),
    "Behaviours.Acts": ("Id",),
    "Triggers": ("git.action",),
    "Policy.*": SET,
}
EMPTY = [None, "", [], {}]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz", min_size=1), inner),
    max_leaves=8,
)


def lay(before, after, exact=True, **more):
    return Overlay(LISTS, exact, **more).lay(before, after)


def paths(before, after):
    return [each.path for each in differences(before, after, LISTS)]


@pytest.mark.parametrize("one", EMPTY)
@pytest.mark.parametrize("other", EMPTY)
def test_absence_has_one_meaning(one, other):
    assert same(one, other)
    assert same({"x": one}, {"x": other})
    assert same({}, {"x": other})
    assert lay({"x": one}, {"x": other}) == {n: v for n, v in {"x": one}.items() if v is not None}


@pytest.mark.parametrize(
    ("one", "other"),
    [(True, 1), (False, 0), ("1", 1), (0, None), (False, ""), (0, ""), ([1], [1, 1]), ({}, 0)],
)
def test_types_are_strict(one, other):
    assert not same(one, other)
    assert not same(other, one)
    assert not same({"x": [one]}, {"x": [other]})


@quickly
@given(VALUES)
def test_everything_is_the_same_as_itself(value):
    assert same(value, value)
    assert not paths(value, value)


@quickly
@given(VALUES, VALUES)
def test_laying_once_is_enough(before, after):
    laid = lay({"x": before}, {"x": after})
    assert same(lay(laid, {"x": after}), laid)
    assert not paths(laid, lay(laid, {"x": after}))


@quickly
@given(VALUES, VALUES)
def test_what_differs_is_always_told(before, after):
    assert bool(paths({"x": before}, {"x": after})) is not same({"x": before}, {"x": after})


def test_the_unknown_equals_nothing_and_cannot_be_sent():
    assert not same(UNKNOWN, UNKNOWN)
    assert not same([UNKNOWN], [UNKNOWN])
    with pytest.raises(TypeError):
        str(UNKNOWN)
    with pytest.raises(TypeError):
        f"{UNKNOWN}"


def test_an_unknown_value_is_found_however_deep_and_always_differs():
    wanted = lay({"x": {"y": [1]}}, {"x": {"y": [UNKNOWN]}})
    assert unknown(wanted)
    assert not unknown({"x": {"y": [1]}})
    assert paths({"x": {"y": [1]}}, wanted) == ["x.y"]


def test_an_input_nobody_gave_leaves_what_is_there():
    assert lay({"x": 1, "y": {"z": 2}}, {"x": Asked("tag"), "y": {"z": Asked("tag")}}) == {
        "x": 1,
        "y": {"z": 2},
    }


def test_an_input_nobody_gave_is_a_hole_in_what_is_to_be_created():
    assert unknown(plain({"x": [Asked("tag")]}))


@pytest.mark.parametrize(
    ("name", "before", "after", "exact", "at_least"),
    [
        ("names", ["a", "b"], ["b", "c"], ["b", "c"], ["a", "b", "c"]),
        ("steps", ["a", "b"], ["c"], ["c"], ["c"]),
        (
            "Items",
            [{"Id": "1", "x": 1}, {"Id": "2"}],
            [{"Id": "1", "y": 2}],
            [{"Id": "1", "x": 1, "y": 2}],
            [{"Id": "1", "x": 1, "y": 2}, {"Id": "2"}],
        ),
        (
            "Items",
            [{"Id": "1", "DomainName": "a"}],
            [{"DomainName": "a", "y": 2}],
            [{"Id": "1", "DomainName": "a", "y": 2}],
            [{"Id": "1", "DomainName": "a", "y": 2}],
        ),
        (
            "Records",
            [{"Name": "a", "Type": "A", "TTL": 5}, {"Name": "a", "Type": "MX", "TTL": 6}],
            [{"Name": "a", "Type": "MX", "TTL": 7}],
            [{"Name": "a", "Type": "MX", "TTL": 7}],
            [{"Name": "a", "Type": "A", "TTL": 5}, {"Name": "a", "Type": "MX", "TTL": 7}],
        ),
    ],
)
def test_lists_are_exact_or_at_least(name, before, after, exact, at_least):
    assert lay({name: before}, {name: after}, exact=True) == {name: exact}
    assert lay({name: before}, {name: after}, exact=False) == {name: at_least}


@pytest.mark.parametrize("name", ["names", "steps", "Items"])
def test_a_list_that_is_written_empty_takes_all_away_only_where_lists_are_exact(name):
    before = {name: [{"Id": "1"}]}
    assert same(lay(before, {name: []}, exact=True), {})
    kept = {} if name == "steps" else before  # what only its place names cannot stand beside ours
    assert same(lay(before, {name: []}, exact=False), kept)


def test_what_the_yaml_does_not_mention_stays():
    before = {"x": 1, "deep": {"a": 1, "b": {"c": [1, 2]}}, "names": ["n"]}
    assert lay(before, {"deep": {"b": {"d": 3}}}) == {
        "x": 1,
        "deep": {"a": 1, "b": {"c": [1, 2], "d": 3}},
        "names": ["n"],
    }


def test_a_list_that_others_write_to_by_right_is_never_exact():
    overlay = Overlay(LISTS, exact=True, additive={"names", "Items.Headers"})
    before = {"names": ["a"], "Items": [{"Id": "1", "Headers": ["h"]}]}
    after = {"$exact": ["names"], "names": ["b"], "Items": [{"Id": "1", "Headers": ["i"]}]}
    assert overlay.lay(before, after) == {
        "names": ["a", "b"],
        "Items": [{"Id": "1", "Headers": ["h", "i"]}],
    }


def test_exact_says_otherwise_for_the_lists_of_one_mapping_only():
    before = {"names": ["a"], "Items": [{"Id": "1", "Headers": ["h"]}, {"Id": "2"}]}
    after = {"$exact": ["Items"], "names": ["b"], "Items": [{"Id": "1", "Headers": ["i"]}]}
    assert lay(before, after, exact=False) == {
        "names": ["a", "b"],
        "Items": [{"Id": "1", "Headers": ["h", "i"]}],
    }


def test_where_a_mapping_says_which_lists_are_exact_its_others_are_not():
    before, after = {"names": ["a"]}, {"$exact": ["Items"], "names": ["b"]}
    assert lay(before, after, exact=True) == {"names": ["a", "b"]}


@pytest.mark.parametrize("exact", [True, False])
def test_null_and_tombstones_take_away_and_the_rest_stays(exact):
    before = {"x": 1, "y": 2, "Items": [{"Id": "1"}, {"Id": "2"}]}
    after = {"x": None, "Items": [{"Id": "1"}, {"Id": "2", "$absent": True}]}
    wanted = lay(before, after, exact)
    assert wanted == {"y": 2, "Items": [{"Id": "1"}]}
    assert paths(before, wanted) == ["x", "Items[2]"]


def test_a_tombstone_for_what_is_not_there_changes_nothing():
    before = {"Items": [{"Id": "1"}]}
    assert lay(before, {"Items": [{"Id": "9", "$absent": True}]}, exact=False) == before
    assert lay({}, {"Items": [{"Id": "9", "$absent": True}]}) == {}


def test_a_tombstone_in_a_set_takes_the_member_that_says_all_of_it():
    before = {"names": [{"a": 1, "b": 2}, {"a": 1, "b": 3}]}
    after = {"names": [{"a": 1, "b": 3, "$absent": True}]}
    assert lay(before, after, exact=False) == {"names": [{"a": 1, "b": 2}]}


def test_the_order_of_a_set_is_no_difference():
    before = {"names": ["a", "b"], "Items": [{"Id": "1"}, {"Id": "2"}]}
    after = {"names": ["b", "a"], "Items": [{"Id": "2"}, {"Id": "1"}]}
    assert not paths(before, lay(before, after))


def test_equal_members_of_a_set_are_paired_one_by_one():
    assert lay({"names": ["a"]}, {"names": ["a", "a"]}) == {"names": ["a", "a"]}


def test_the_order_of_steps_is_a_difference():
    before = {"steps": ["a", "b"]}
    assert paths(before, lay(before, {"steps": ["b", "a"]})) == ["steps"]


def test_a_list_without_facts_goes_by_position():
    before = {"other": [{"a": 1, "b": 2}, 5]}
    assert lay(before, {"other": [{"b": 3}]}) == {"other": [{"a": 1, "b": 3}]}


def test_a_member_of_a_set_leaves_a_fuller_one_to_the_member_that_needs_it():
    before = {"names": [{"a": 1, "b": 2}, {"a": 1}]}
    assert not paths(before, lay(before, {"names": [{"a": 1}, {"a": 1, "b": 2}]}))


def test_named_members_stand_in_our_order_where_order_counts_and_others_keep_their_place():
    before = {"Behaviours": [{"PathPattern": p, "ttl": 1} for p in ("/b", "/x", "/a")]}
    after = {"Behaviours": [{"PathPattern": "/a"}, {"PathPattern": "/b", "ttl": 2}]}
    wanted = lay(before, after, exact=False)
    assert wanted["Behaviours"] == [
        {"PathPattern": "/a", "ttl": 1},
        {"PathPattern": "/x", "ttl": 1},
        {"PathPattern": "/b", "ttl": 2},
    ]
    assert paths(before, wanted) == ["Behaviours[]", "Behaviours[/b].ttl"]


@pytest.mark.parametrize(
    ("before", "after", "exact", "at_least"),
    [
        ("sbd", "sabd", "sabd", "sabd"),  # a gate between two stages
        ("sbxd", "sabd", "sabd", "sabxd"),
        ("bd", "sbd", "sbd", "sbd"),
        ("xbd", "sbd", "sbd", "xsbd"),
        ("sb", "sbd", "sbd", "sbd"),
        ("sbx", "sbd", "sbd", "sbdx"),
        ("sbad", "sabd", "sabd", "sabd"),
        ("sbxad", "sanbd", "sanbd", "sanxbd"),
        ("xy", "ab", "ab", "xyab"),
    ],
)
def test_a_new_member_stands_behind_the_one_that_we_wrote_before_it(before, after, exact, at_least):
    def named(names):
        return {"Behaviours": [{"PathPattern": each} for each in names]}

    for is_exact, wanted in ((True, exact), (False, at_least)):
        laid = lay(named(before), named(after), exact=is_exact)
        assert laid == named(wanted)
        assert lay(laid, named(after), exact=is_exact) == laid


def test_a_name_may_lie_deeper():
    before = {"Triggers": [{"git": {"action": "a"}, "x": 1}, {"git": {"action": "b"}}]}
    wanted = lay(before, {"Triggers": [{"git": {"action": "b"}, "x": 2}]}, exact=False)
    assert wanted["Triggers"] == [before["Triggers"][0], {"git": {"action": "b"}, "x": 2}]
    assert paths(before, wanted) == ["Triggers[b].x"]


def test_where_ours_already_stand_in_our_order_nothing_moves():
    before = {"Behaviours": [{"PathPattern": p} for p in ("/a", "/x", "/b")]}
    after = {"Behaviours": [{"PathPattern": "/a"}, {"PathPattern": "/b"}]}
    assert lay(before, after, exact=False) == before


def test_differences_are_named_down_to_the_member():
    before = {"Items": [{"Id": "1", "Headers": ["h"], "x": 1}], "a": {"b": {"c": 1}}}
    after = {"Items": [{"Id": "1", "Headers": ["i"], "x": 1}, {"Id": "2"}], "a": {"b": {"c": 2}}}
    found = list(differences(before, after, LISTS))
    assert found == [
        FieldChange("Items[1].Headers", ["h"], ["i"]),
        FieldChange("Items[2]", None, {"Id": "2"}),
        FieldChange("a.b.c", 1, 2),
    ]
    assert place("Items[1].Headers") == "Items.Headers"


def test_a_member_whose_name_is_not_known_yet_is_new():
    before = {"Items": [{"Id": "1"}]}
    wanted = lay(before, {"Items": [{"Id": UNKNOWN}]}, exact=False)
    assert wanted["Items"][0] == {"Id": "1"}
    assert unknown(wanted["Items"][1])
    assert paths(before, wanted)


def test_compound_names_are_told_as_one_word_each():
    before = {"Records": [{"Name": "a", "Type": "A", "TTL": 5}]}
    wanted = lay(before, {"Records": [{"Name": "a", "Type": "A", "TTL": 6}]})
    assert paths(before, wanted) == ["Records[a A].TTL"]


def test_facts_with_a_star_speak_for_all_lists_below():
    before = {"Policy": {"Statement": [{"Action": ["a", "b"]}]}}
    after = {"Policy": {"Statement": [{"Action": ["b", "a"]}]}}
    assert not paths(before, lay(before, after))


def test_initial_values_count_only_at_birth():
    after = {"x": 1, "$initial": {"x": 2, "y": 3}}
    assert plain(after) == {"x": 2, "y": 3}
    assert lay({"x": 1, "y": 9}, after) == {"x": 1, "y": 9}
    assert lay({"x": 3}, after) == {"x": 1}


def test_what_a_creation_used_instead_is_no_difference():
    after = {"x": 1, "deep": {"y": [1]}, "$initial": {"x": 2, "deep": {"y": [2]}}}
    for before in ({"x": 2, "deep": {"y": [2], "z": 9}}, {"x": 1, "deep": {"y": [1]}}):
        assert lay(before, after) == before
    assert lay({"x": 3, "deep": {"y": [3]}}, after) == {"x": 1, "deep": {"y": [1]}}
    assert lay({}, after) == {"x": 1, "deep": {"y": [1]}}


def test_what_is_sent_at_birth_holds_no_nulls_tombstones_or_words_of_ours():
    desired = {
        "x": None,
        "deep": {"$exact": ["a"], "a": [{"Id": "1", "$absent": True}, {"Id": "2", "b": None}]},
        "n": {"$within": {"c": {"from": 1, "by": "people"}}, "c": 2},
    }
    assert plain(desired) == {"deep": {"a": [{"Id": "2"}]}, "n": {"c": 2}}


def test_a_whole_mapping_that_is_new_is_sent_as_at_birth():
    assert lay({}, {"deep": {"$initial": {"a": 2}, "a": 1, "b": None}}) == {"deep": {"a": 2}}


@pytest.mark.parametrize(("before", "wanted"), [(3, 3), (9, 4), (0, 1), (1, 1), (4, 4), (None, 2)])
def test_a_field_of_others_is_left_inside_its_bounds(before, wanted):
    after = {"count": 2, "$within": {"count": {"from": 1, "to": 4, "by": "autoscaling"}}}
    assert lay({"count": before}, after) == {"count": wanted}


def test_bounds_hold_at_any_depth_and_in_members():
    inner = {"Id": "1", "n": 1, "$within": {"n": {"from": 1, "to": 3, "by": "people"}}}
    assert lay({"Items": [{"Id": "1", "n": 2}]}, {"Items": [inner]})["Items"][0]["n"] == 2
    assert lay({"Items": [{"Id": "1", "n": 7}]}, {"Items": [inner]})["Items"][0]["n"] == 3


def test_the_bounds_a_handler_infers_are_named_by_path_and_the_yaml_speaks_first():
    inferred = {"Items[1].n": Within("autoscaling", 1, 9)}
    before = {"Items": [{"Id": "1", "n": 8}, {"Id": "2", "n": 8}]}
    after = {"Items": [{"Id": "1", "n": 2}, {"Id": "2", "n": 2}]}
    wanted = lay(before, after, bounds=inferred)
    assert [each["n"] for each in wanted["Items"]] == [8, 2]
    after["Items"][0]["$within"] = {"n": {"from": 1, "to": 5, "by": "people"}}
    assert lay(before, after, bounds=inferred)["Items"][0]["n"] == 5


def test_a_pipeline_may_choose_the_tag_but_not_the_repository():
    theirs = {"image": Within("the pipeline", like="registry:5000/web[:@]*")}
    desired = {"image": "registry:5000/web:1"}
    kept = lay({"image": "registry:5000/web:57"}, desired, bounds=theirs)
    assert kept["image"].endswith(":57")
    assert lay({"image": "elsewhere/web:57"}, desired, bounds=theirs) == desired


@pytest.mark.parametrize(
    "bounds", [{"like": UNKNOWN}, {"among": (UNKNOWN,)}, {"low": UNKNOWN}, {"above": UNKNOWN}]
)
def test_bounds_that_nobody_knows_yet_are_kept_by_whatever_is_there(bounds):
    theirs = {"image": Within("the pipeline", **bounds)}
    before = {"image": "gone/web:57"}
    assert lay(before, {"image": UNKNOWN}, bounds=theirs) == before


@pytest.mark.parametrize(
    ("declared", "within"),
    [
        ({"from": 1, "to": 4, "by": "x"}, Within("x", 1, 4)),
        ({"among": ["a", "b"], "by": "x"}, Within("x", among=("a", "b"))),
        ({"like": "a*", "by": "x"}, Within("x", like="a*")),
        ({"from": 1, "among": None, "like": None, "above": None, "by": "x"}, Within("x", 1)),
        ({"above": "14.17", "by": "x"}, Within("x", above="14.17")),
    ],
)
def test_bounds_as_yaml_writes_them(declared, within):
    assert bounds(declared) == within


def test_only_the_members_that_the_desired_ones_speak_of():
    theirs = [{"Id": "1", "x": 1}, {"Id": "2"}, {"Id": "3"}]
    spoken_of = Overlay(LISTS).spoken_of(theirs, [{"Id": "3"}, {"Id": "1"}, {"Id": "9"}], "Items")
    assert spoken_of == [{"Id": "1", "x": 1}, {"Id": "3"}]


def stage(*acts, name=None):
    named = {} if name is None else {"PathPattern": name}
    return {**named, "Acts": [{"by": each} for each in acts]}


SOURCE, GATE, BUILD, DEPLOY = (stage(each) for each in ("git", "person", "build", "ecs"))


@pytest.mark.parametrize(
    "there",
    [
        ["git", "person", "build", "lambda", "ecs"],
        ["git", "person", "build", "build", "ecs"],
        ["git", "scan", "person", "build", "tell", "lambda", "ecs", "tell"],
    ],
)
def test_members_without_a_name_are_found_in_their_order(there):
    before = {"Behaviours": [stage(each, name=str(n)) for n, each in enumerate(there)]}
    wanted = [SOURCE, GATE, BUILD, {"Acts": [{"$initial": {"by": "lambda"}}]}, DEPLOY]
    assert lay(before, {"Behaviours": wanted}, exact=False) == before


@pytest.mark.parametrize("lacks", ["git", "person", "build", "ecs"])
def test_of_members_without_a_name_that_one_is_missed_which_nothing_stands_for(lacks):
    there = [each for each in ("git", "person", "build", "ecs") if each != lacks]
    before = {"Behaviours": [stage(each, name=each) for each in there]}
    wanted = [{**one, "$initial": {"PathPattern": "new"}} for one in (SOURCE, GATE, BUILD, DEPLOY)]
    laid = lay(before, {"Behaviours": wanted}, exact=False)
    assert paths(before, laid)[-1] == "Behaviours[new]"
    place = ["git", "person", "build", "ecs"].index(lacks)
    assert laid["Behaviours"][place] == stage(lacks, name="new")


def test_a_member_of_which_nothing_is_known_takes_no_place_of_one_that_is_known():
    before = {"Behaviours": [stage("git", name="1"), stage("ecs", name="2")]}
    anything = {"Acts": [{"$initial": {"by": "lambda"}}], "$initial": {"PathPattern": "new"}}
    laid = lay(before, {"Behaviours": [SOURCE, anything, DEPLOY]}, exact=False)
    assert [each["PathPattern"] for each in laid["Behaviours"]] == ["1", "new", "2"]


def test_nothing_that_was_observed_is_written_to():
    before = {"Items": [{"Id": "1", "Headers": ["h"]}], "deep": {"a": 1}}
    lay(before, {"Items": [{"Id": "1", "Headers": ["i"], "x": 2}], "deep": {"a": 2, "b": 3}})
    assert before == {"Items": [{"Id": "1", "Headers": ["h"]}], "deep": {"a": 1}}
