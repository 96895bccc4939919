"""Properties that the schema refuses, and scalars that it gives a meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.load.nodes import Scalar
from reconciler.load.scalars import core, typed_scalar
from reconciler.model import Source

HERE = Source("a.yaml", 1)


def store(properties):
    return f"shop.store: {{main: {{size: 1, {properties}}}}}\n"


def value(declared, properties, name):
    return declared(store(properties)).resources["shop.store/main"].properties[name]


def test_an_unknown_type_is_refused_with_the_one_meant(problems):
    assert problems("shop.stroe: {main: {}}\n") == (
        "desired/test/shop.yaml:1:1: shop.stroe: is no type that we know, so nobody could make "
        "it. Did you mean shop.store?"
    )


def test_an_unknown_property_is_refused_with_the_one_meant(problems):
    assert problems(store("sise: 2")) == (
        "desired/test/shop.yaml:1:36: shop.store/main: sise is no property here, so AWS would "
        "never get it. Did you mean size?"
    )


def test_a_property_in_wrong_case_is_meant_all_the_same(problems):
    assert "Did you mean netId?" in problems(store("NETID: x"))


def test_an_unknown_property_inside_a_list_has_its_own_place(problems):
    found = problems("shop.store:\n  main:\n    size: 1\n    shelves:\n      - {id: a, with: 2}\n")
    assert "shop.yaml:5:23: shop.store/main: shelves[0].with is no property" in found
    assert "Did you mean width?" in found


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("weight: heavy", "weight must be a number, which AWS wants here, but is “heavy”"),
        ("weight: '3'", "weight must be a number, which AWS wants here, but is “3” in quotes"),
        ("netId: [a]", "netId must be a text, which AWS wants here, but is a list"),
        ("netId: {a: b}", "netId must be a text, which AWS wants here, but is a mapping"),
        ("shelves: {}", "shelves must be a list, which AWS wants here, but is a mapping"),
        ("shelves: a", "but is “a”; write [a]"),
        ("shelves: [a]", "shelves[0] must be a mapping, which AWS wants here, but is “a”"),
        ("labels: [a]", "labels must be a mapping"),
        ('labels: \'{"a": "b"}\'', "write it in YAML; sound JSON is YAML, without quotes"),
        ("labels: {a: [b]}", "labels.a must be a text"),
        ("storeName: UPPER", "it takes 3-20 small letters and hyphens"),
        ("kind: GROCRY", "it takes one of GROCERY, BAKERY. Did you mean GROCERY?"),
        ("size: 1.5", "size must be a whole number"),
        ("size: 10", "size is 10, which AWS would refuse; it takes at most 9"),
        ("size: 0", "size is 0, which AWS would refuse; it takes at least 1"),
        ("size: true", "size must be a whole number"),
        ("opens: cron(foo)", "opens is “cron(foo)”, which AWS would refuse: it has not six fields"),
        ("opens: [a]", "opens must be a text, which AWS wants here, but is a list"),
        ("$initial: {opens: rate(1 hours)}", "$initial.opens is “rate(1 hours)”, which AWS would"),
        (
            "shelves: [{id: a}, {id: b}, {id: c}, {id: d}]",
            "shelves has 4 members; AWS takes at most 3, so split it",
        ),
        ("Tags: {aws:x: y}", "Tags.aws:x is not for you to write"),
        ("Tags: {muvi-converge:address: y}", "is not for you to write"),
        ("Tags: {$initial: {x: y}}", "Tags.$initial means nothing of tags"),
    ],
)
def test_what_aws_would_refuse_is_refused(problems, properties, message):
    assert message in problems(store(properties).replace("size: 1, size", "size"))


@pytest.mark.parametrize("written", ["7.5", "1e3", "99999999999999999999"])
def test_a_number_of_the_wrong_kind_is_not_said_to_stand_in_quotes(problems, written):
    found = problems(store(f"size: {written}").replace("size: 1, size", "size"))
    assert found.endswith(f"size must be a whole number, which AWS wants here, but is “{written}”")


def test_yes_is_a_text_in_yaml_1_2(problems):
    found = problems("shop.net: {main: {Range: x, Public: yes}}\n")
    assert "Public must be true or false" in found
    assert "YAML 1.2 has no other words for true and false" in found


def test_a_wrong_schedule_is_refused_with_its_place_and_what_to_write(problems):
    assert problems(store("opens: rate(1 minutes)")) == (
        "desired/test/shop.yaml:1:37: shop.store/main: opens is “rate(1 minutes)”, which AWS would "
        "refuse: AWS insists on grammar; write rate(1 minute)"
    )


def test_a_schedule_may_come_from_elsewhere(declared):
    declared(store("opens: '${shop.net/n.Range}'") + "shop.net: {n: {Range: x}}\n")


def test_a_required_property_is_missed(problems):
    found = problems("shop.store: {main: {weight: 1}}\n")
    assert (
        "shop.yaml:1:14: shop.store/main: lacks size, without which it cannot be created" in found
    )


def test_null_is_no_value_for_what_is_required(problems):
    assert "lacks size" in problems("shop.store: {main: {size: null}}\n")


def test_what_only_the_creation_uses_is_not_missed(declared):
    resource = declared("shop.store: {main: {$initial: {size: 1}}}\n").resources["shop.store/main"]
    assert resource.properties == {"storeName": "main", "$initial": {"size": 1}}


def test_a_tombstone_lacks_nothing(declared):
    resource = declared("shop.store: {main: {$absent: true}}\n").resources["shop.store/main"]
    assert resource.absent
    assert resource.properties == {"storeName": "main"}


def test_null_and_references_stand_anywhere(declared):
    text = "weight: ~, shelves: '${shop.net/n.List}', kind: null, netId: '${shop.net/n.NetId}'"
    nets = "shop.net: {n: {Range: x}}\n"
    resource = declared(store(text.replace("List", "Range")) + nets).resources["shop.store/main"]
    assert resource.properties["weight"] is None
    assert resource.properties["shelves"] == "${shop.net/n.Range}"


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("$initial: {sise: 1}", "$initial.sise is no property here"),
        ("$initial: {weight: x}", "$initial.weight must be a number"),
        ("$initial: x", "$initial must be a mapping"),
        ("$initial: ~", "$initial must be a mapping, but is null"),
        ("$inital: {}", "$inital is no key of ours, and names with $ are never sent to AWS. Did"),
        ("$exact: [shelf]", "$exact names shelf, which is no list beside it"),
        ("$within: {weight: {from: 1, by: x}}", "bounds a property that is not declared beside it"),
        ("weight: 1, $within: {weight: {from: 1, to: 2}}", "does not say whose field it is"),
        ("weight: 1, $within: {weight: {by: x}}", "$within.weight has no bounds"),
        ("weight: 1, $within: {weight: {from: 3, to: 2, by: x}}", "so nothing is inside"),
        ("weight: 1, $within: {weight: {form: 3, by: x}}", "Did you mean from?"),
        ("$protect: sure", "$protect must be true or false"),
        ("$depends_on: shop.net/n", "$depends_on must be a list"),
        ("$depends_on: ['${shop.net/n.NetId}']", "must be known before AWS is asked"),
        ("$settles_within: -1", "it takes at least 0"),
        ("shelves: [{id: a, $protect: true}]", "$protect speaks of a whole resource"),
        ("shelves: [{id: a, parts: [{$x: 1}]}]", "$x is no key of ours"),
        ("labels: {$x: y}", "$x is no key of ours"),
        ("labels: {'': y}", "is no property here"),
        ("$absent: ~, labels: {$absent: ~}", "labels.$absent must be true or false"),
    ],
)
def test_our_own_keys_are_checked_as_well(problems, properties, message):
    assert message in problems(store(properties))


def test_a_member_that_shall_go_needs_only_its_name(declared):
    assert value(declared, "shelves: [{id: a, $absent: true}]", "shelves") == [
        {"id": "a", "$absent": True}
    ]


def test_a_bound_has_the_type_of_its_property(declared):
    text = "netId: 14.20, $within: {netId: {among: [14.20, 14.30], by: AWS}}"
    assert value(declared, text, "$within") == {"netId": {"among": ["14.20", "14.30"], "by": "AWS"}}


@pytest.mark.parametrize(
    "text", ["14.20", "2012-10-17", "011566070219", "1e3", "0x10", "yes", "on"]
)
def test_a_text_is_the_characters_of_the_file(declared, text):
    assert value(declared, f"netId: {text}", "netId") == text


@pytest.mark.parametrize(("text", "meaning"), [("7", 7), ("0x1F", 31), ("0o17", 15), ("-3", -3)])
def test_an_integer_is_read_as_yaml_1_2_reads_it(text, meaning):
    assert typed_scalar(Scalar(text, HERE, plain=True), "integer") == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [("1.5", 1.5), ("-.5e1", -5.0), ("true", True), ("FALSE", False)],
)
def test_a_free_document_follows_the_core_schema(text, meaning):
    assert (core(text), type(core(text))) == (meaning, type(meaning))


@pytest.mark.parametrize("text", ["2012-10-17", "no", "007", ".inf", "1_000", "12:30", "0o8"])
def test_what_the_core_schema_does_not_know_is_text(text):
    assert core(text) == text


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_null_is_plain(text):
    assert typed_scalar(Scalar(text, HERE, plain=True), "string") is None
    assert typed_scalar(Scalar(text, HERE, plain=False), "string") == text


@given(
    st.text(), st.sampled_from(["", "string", "integer", "number", "boolean", "array", "object"])
)
def test_a_quoted_scalar_is_always_its_text(text, kind):
    assert typed_scalar(Scalar(text, HERE), kind) == text


@given(st.integers(-(10**17), 10**17))
def test_every_integer_comes_back(number):
    assert typed_scalar(Scalar(str(number), HERE, plain=True), "integer") == number


def test_in_a_policy_everything_is_text_and_in_other_documents_it_is_not(declared):
    text = "{Version: 2012-10-17, Account: 123456789012, Secure: true, Rate: 1.5}"
    policy = f"{{Statement: {{Effect: Deny, Action: x, Condition: {text}}}}}"
    resources = declared(f"shop.clerk: {{main: {{Policy: {policy}, plan: {text}}}}}\n").resources
    properties = resources["shop.clerk/main"].properties
    assert set(map(type, properties["Policy"]["Statement"]["Condition"].values())) == {str}
    assert properties["plan"] == {
        "Version": "2012-10-17",
        "Account": 123456789012,
        "Secure": True,
        "Rate": 1.5,
    }


@pytest.mark.parametrize("folder", ["code", "../shared"])
def test_code_lies_in_a_folder_of_ours(declared, tmp_path, folder):
    (tmp_path / "desired/test" / folder).mkdir(parents=True)
    (tmp_path / "desired/test" / folder / "index.js").write_text("")
    resources = declared(f"shop.clerk: {{main: {{Code: {{Folder: {folder}}}}}}}\n").resources
    code = resources["shop.clerk/main"].properties["Code"]
    assert code == {"Folder": str((tmp_path / "desired/test" / folder).resolve())}


def test_a_folder_without_code_is_refused(problems, tmp_path):
    (tmp_path / "desired/test/code/__pycache__").mkdir(parents=True)
    (tmp_path / "desired/test/code/__pycache__/a.pyc").write_text("")
    found = problems("shop.clerk: {main: {Code: {Folder: code}}}\n")
    assert "shop.yaml:1:36: shop.clerk/main: Code.Folder holds no file, so AWS would" in found
    assert f"put code into {tmp_path}/desired/test/code" in found


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("nowhere", "is no folder"),
        ("../../..", "is outside desired"),
        ("/etc", "is outside desired"),
    ],
)
def test_code_elsewhere_is_refused(problems, folder, message):
    found = problems(f"shop.clerk: {{main: {{$initial: {{Code: {{Folder: {folder}}}}}}}}}\n")
    assert f"$initial.Code.Folder {message}" in found


def test_what_aws_never_sees_is_not_said_to_be_wanted_by_aws(problems):
    found = problems("shop.net: {main: {Range: x, $protect: maybe}}")
    assert "$protect must be true or false, but is" in found
    assert "AWS" not in found


def test_bounds_are_of_one_kind(problems):
    within = "{size: {from: 1, to: 3, among: [2], by: people}}"
    found = problems(f"shop.store: {{web: {{size: 1, $within: {within}}}}}")
    assert "$within.size has bounds of two kinds, and only one would count" in found
