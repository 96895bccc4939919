"""How services spell tags, and what a change of them asks of AWS."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.aws import Tagging

quickly = settings(max_examples=50, deadline=None)  # machines may be busy
PLAIN = Tagging()
MAPPING = Tagging(key="", tags="tags")
INSIDE = Tagging(tags="Tags", inside="Items", erased="TagKeys")
ALL = {
    "as a list": PLAIN,
    "in small letters": Tagging(key="key", value="value"),
    "as a mapping": MAPPING,
    "inside a structure": INSIDE,
}
TAGS = st.dictionaries(st.sampled_from(["a", "b", "c", "aws:x", "aws:y"]), st.sampled_from("12"))


class Service:
    """Keeps tags as AWS does, and refuses to be told its own."""

    def __init__(self, tagging, tags):
        self.tagging, self.tags = tagging, dict(tags)

    def take(self, operation, request):
        facts = self.tagging
        if operation == facts.write:
            new = facts.from_aws(_opened(facts, request[facts.tags]))
            self.tags = new if facts.replaces else {**self.tags, **new}
            return new
        names = _opened(facts, request[facts.erased])
        gone = {each[facts.key] if facts.wrapped else each for each in names}
        self.tags = {name: value for name, value in self.tags.items() if name not in gone}
        return gone


def _opened(facts, value):
    return value[facts.inside] if facts.inside and isinstance(value, dict) else value


def changed(tagging, before, after):
    service = Service(tagging, before)
    said = [service.take(*each) for each in tagging.requests("id", before, after)]
    return service.tags, said


@pytest.mark.parametrize("tagging", ALL.values(), ids=ALL)
@quickly
@given(tags=TAGS)
def test_tags_come_back_as_they_were_sent(tagging, tags):
    assert tagging.from_aws(_opened(tagging, tagging.to_aws(tags))) == tags


@pytest.mark.parametrize(
    "tagging", [*ALL.values(), Tagging(wrapped=True, erased="Tags"), Tagging(replaces=True)]
)
@quickly
@given(before=TAGS, after=TAGS)
def test_the_observed_tags_become_the_wanted_ones_and_aws_keeps_its_own(tagging, before, after):
    theirs = {name: value for name, value in before.items() if name.startswith("aws:")}
    ours = {name: value for name, value in after.items() if not name.startswith("aws:")}
    assert changed(tagging, before, after)[0] == {**theirs, **ours}


@pytest.mark.parametrize("tagging", [*ALL.values(), Tagging(replaces=True)])
@quickly
@given(tags=TAGS, other=TAGS)
def test_where_nothing_of_ours_differs_nothing_is_asked(tagging, tags, other):
    theirs = {name: value for name, value in other.items() if name.startswith("aws:")}
    ours = {name: value for name, value in tags.items() if not name.startswith("aws:")}
    assert not changed(tagging, tags, {**theirs, **ours})[1]


@quickly
@given(before=TAGS, after=TAGS)
def test_a_service_that_merges_is_never_told_its_own_tags(before, after):
    said = changed(PLAIN, before, after)[1]
    assert not [name for each in said for name in each if name.startswith("aws:")]


def test_only_what_differs_is_written_and_erased():
    asked = list(PLAIN.requests("arn", {"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "9"}))
    assert asked == [
        ("tag_resource", {"resourceArn": "arn", "tags": [{"Key": "b", "Value": "9"}]}),
        ("untag_resource", {"resourceArn": "arn", "tagKeys": ["c"]}),
    ]


def test_a_service_that_forgets_is_sent_all_of_them_its_own_included():
    facts = Tagging(
        write="put_tagging", tags="Tagging", inside="TagSet", replaces=True, id="Bucket"
    )
    before, after = {"a": "1", "aws:x": "y", "b": "2"}, {"a": "1", "c": "3"}
    everything = [
        {"Key": "a", "Value": "1"},
        {"Key": "aws:x", "Value": "y"},
        {"Key": "c", "Value": "3"},
    ]
    assert list(facts.requests("media", before, after)) == [
        ("put_tagging", {"Bucket": "media", "Tagging": {"TagSet": everything}})
    ]
    assert list(facts.requests("media", before, {"a": "1"}))  # one that only goes is written too


def test_an_object_in_a_list_names_in_a_list_and_what_comes_along():
    facts = Tagging(
        id="Resources", many=True, tags="Tags", erased="Tags", wrapped=True, more={"Type": "vpc"}
    )
    assert list(facts.requests("vpc-1", {"a": "1"}, {"b": "2"})) == [
        (
            "tag_resource",
            {"Resources": ["vpc-1"], "Type": "vpc", "Tags": [{"Key": "b", "Value": "2"}]},
        ),
        ("untag_resource", {"Resources": ["vpc-1"], "Type": "vpc", "Tags": [{"Key": "a"}]}),
    ]


def test_names_to_erase_stand_inside_the_structure():
    ((operation, request),) = INSIDE.requests("arn", {"a": "1"}, {})
    assert (operation, request["TagKeys"]) == ("untag_resource", {"Items": ["a"]})


def test_no_tags_at_all():
    assert PLAIN.from_aws(None) == {}
    assert MAPPING.from_aws({"a": "1"}) == {"a": "1"}
    assert PLAIN.to_aws({}) == []
