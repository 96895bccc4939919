"""References: where they lead, and what they come to."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import InvalidDesired
from reconciler.load import references, resolve, split
from reconciler.load.references import leading
from reconciler.model import UNKNOWN, Asked, Source

NAMES = {"shop.net/a", "shop.net/a.b", "shop.net//deep/path"}
NETS = "shop.net: {main: {Range: x}, main.eu: {Range: y}}\n"


def store(properties, nets=NETS):
    return f"{nets}shop.store: {{bakery: {{size: 1, {properties}}}}}\n"


def resolved(value, **known):
    values = {("shop.net/a", name): each for name, each in known.items()}
    return resolve(value, lambda address, expression: values[address, expression], NAMES)


def test_the_longest_declared_name_counts():
    assert split("shop.net/a.b.NetId", NAMES) == ("shop.net/a.b", "NetId")
    assert split("shop.net/a.c.NetId", NAMES) == ("shop.net/a", "c.NetId")
    assert split("shop.net//deep/path.Id[0].x", NAMES) == ("shop.net//deep/path", "Id[0].x")
    assert split("shop.net/none.NetId", NAMES) is None


def test_a_resource_knows_what_it_refers_to(declared):
    text = store(
        "netId: '${shop.net/main.eu.NetId}', peer: '${input.tag}', "
        "shelves: [{id: 'x-${shop.net/main.Range}'}], $initial: {kind: '${shop.net/main.NetId}'}, "
        "Tags: {net: '${shop.net/main.NetId}'}"
    )
    resources = declared(text).resources
    found = references(resources["shop.store/bakery"], resources)
    assert [(each.place, each.path, each.address, each.expression) for each in found] == [
        ("netId", "netId", "shop.net/main.eu", "NetId"),
        ("shelves", "shelves[0].id", "shop.net/main", "Range"),
        ("kind", "$initial.kind", "shop.net/main", "NetId"),
        ("Tags", "Tags.net", "shop.net/main", "NetId"),
    ]
    assert found[0].source == Source("desired/test/shop.yaml", 2, 39)


def test_a_whole_reference_becomes_the_value_as_it_is():
    assert resolved("${shop.net/a.list}", list=[1, 2]) == [1, 2]
    assert resolved(["${shop.net/a.n}", {"k": "${shop.net/a.n}"}], n=3) == [3, {"k": 3}]


def test_inside_a_longer_text_a_value_becomes_text():
    assert resolved("n=${shop.net/a.n} ${shop.net/a.b}", n=3, b=True) == "n=3 true"


def test_an_escaped_brace_becomes_a_brace():
    assert resolved("$${aws:username}/${shop.net/a.n}", n=1) == "${aws:username}/1"
    assert resolved("$${shop.net/a.n}") == "${shop.net/a.n}"


def test_what_aws_answers_is_not_looked_through():
    assert resolved("${shop.net/a.n}-", n="${shop.net/a.m}") == "${shop.net/a.m}-"


def test_a_text_with_something_unknown_is_unknown():
    assert resolved("x${shop.net/a.n}", n=UNKNOWN) is UNKNOWN
    asked = Asked("owner")
    assert resolved("x${shop.net/a.n}", n=asked) is asked  # nobody gave it, so nobody compares it
    assert resolved({"${shop.net/a.n}": 1}, n=UNKNOWN) is UNKNOWN
    assert resolved(["${shop.net/a.n}"], n=UNKNOWN)[0] is UNKNOWN


def test_names_in_documents_are_resolved_too():
    assert resolved({"${shop.net/a.n}:sub": "x"}, n="issuer") == {"issuer:sub": "x"}


@pytest.mark.parametrize("value", [[1], {"a": 1}, None])
def test_a_structure_cannot_stand_inside_a_text(value):
    with pytest.raises(InvalidDesired, match="cannot stand inside a longer text"):
        resolved("x${shop.net/a.n}", n=value)


def test_inputs_are_asked_for_by_name():
    assert resolve("v${input.tag}", lambda *asked: asked[1] * (asked[0] == "input"), ()) == "vtag"


def test_an_expression_begins_with_an_output():
    assert leading("Endpoint.Address") == "Endpoint"
    assert leading("Items[?Id=='x'].Name | [0]") == "Items"
    assert leading("length(Items)") == "Items"
    assert leading("@") == ""
    with pytest.raises(ValueError, match="Invalid jmespath"):
        leading("a[")


@given(st.text(alphabet="${}ab/. "))
def test_resolving_any_text_gives_a_text_or_a_problem(text):
    with suppress(InvalidDesired):
        assert isinstance(resolve(text, lambda *_: "x", NAMES), str)


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        (
            "netId: '${shop.net/mian.NetId}'",
            "refers to shop.net/mian, which is not declared, so it has no outputs. Did you mean "
            "shop.net/main?",
        ),
        ("netId: '${shop.nte/main.NetId}'", "the type shop.nte, which there is not. Did you mean"),
        (
            "netId: '${shop.net/main.NetID}'",
            "refers to NetID of shop.net/main, but shop.net has no such output, so it would stay "
            "empty. Did you mean NetId?",
        ),
        ("netId: '${shop.net/main}'", "names no output of it; add one, such as NetId"),
        ("netId: '${shop.net/main.NetId[}'", "is not JMESPath"),
        ("netId: '${shop.net/main.@}'", "has no such output"),
        ("netId: '${aws:username}'", "is IAM's own variable; write $${aws:username}"),
        ("netId: '${main.NetId}'", "is no reference, so nothing would be put in"),
        ("netId: '${shop.net/main.NetId'", "opens ${ without closing it"),
        ("netId: '${}'", "opens ${ without closing it"),
        ("netId: '${input.tga}'", "${input.tga} is not in environment.yaml"),
        ("$depends_on: [shop.net/mian]", "depends on shop.net/mian, which is not declared"),
        ("$was: shop.net/old", "but an object never changes its type"),
        ("$was: shop.store/bakery", "which is declared still"),
        ("Tags: {a: '${shop.net/none.NetId}'}", "refers to shop.net/none"),
        ("labels: {'${shop.net/none.NetId}': a}", "refers to shop.net/none"),
    ],
)
def test_what_leads_nowhere_is_refused(problems, properties, message):
    assert message in problems(store(properties))


def test_a_reference_has_its_place(problems):
    found = problems("shop.store:\n  bakery:\n    size: 1\n    netId: ${shop.net/a.NetId}\n")
    assert found.startswith("desired/test/shop.yaml:4:12: shop.store/bakery: refers to shop.net/a")


def test_outputs_of_the_environment_lead_somewhere_too(problems):
    environment = (
        "account: '123456789012'\nregion: eu-central-1\noutputs: {net: '${shop.net/x.NetId}'}\n"
    )
    found = problems(NETS, environment=environment)
    assert "environment.yaml:3:16: outputs.net: refers to shop.net/x, which is not" in found
    assert "so it has no outputs; declare it, or write its value" in found


def test_what_shall_be_absent_has_no_outputs(problems):
    nets = "shop.net: {main: {Range: x, $absent: true}}\n"
    assert "which is $absent" in problems(store("netId: '${shop.net/main.NetId}'", nets))


def test_a_tombstone_may_refer_to_another(declared):
    text = "shop.net: {n: {$absent: true}}\nshop.store: {abc: {netId: '${shop.net/n.NetId}', "
    assert declared(text + "$absent: true}}\n").resources["shop.store/abc"].absent


@pytest.mark.parametrize(
    ("properties", "reference"),
    [
        ("store: bakery", "${shop.store/bakery.storeName}"),
        (
            "plan: {Resource: 'arn:aws:shop:eu-central-1:1:store/bakery'}",
            "${shop.store/bakery.st",
        ),
    ],
)
def test_a_literal_that_names_a_resource_is_a_warning(declared, properties, reference):
    text = f"shop.store: {{bakery: {{size: 1}}}}\nshop.clerk: {{main: {{{properties}}}}}\n"
    (warning,) = declared(text).warnings
    assert warning.address == "shop.clerk/main"
    assert f"write {reference}" in warning.what


def test_what_names_itself_is_no_warning(declared):
    plan = "{Resource: 'arn:aws:shop:us-east-1:1:clerk/cashier'}"
    assert declared(f"shop.clerk: {{cashier: {{plan: {plan}}}}}\n").warnings == ()


@pytest.mark.parametrize("properties", ["clerkName: bakery", "plan: {title: bakery}", "store: bak"])
def test_a_word_that_names_nothing_is_no_warning(declared, properties):
    text = f"shop.store: {{bakery: {{size: 1}}}}\nshop.clerk: {{main: {{{properties}}}}}\n"
    assert declared(text).warnings == ()
