"""What Parameter Store is asked: never for the value of a SecureString."""

import pytest

from reconciler.errors import Denied
from reconciler.model import Change, Desired, FieldChange, Found, Observed
from reconciler.overlay import plain
from resources.ssm.parameter import Parameter
from tests.conftest import ACCOUNT, REGION
from tests.handlers.steps import change, create, look, sent, update

TAGS = {"owner": "us"}
HOST = {"Name": "/uat/orders/DB_HOST", "Type": "String", "Value": "db.example.com"}
TOKEN = {"Name": "/uat/orders/TOKEN", "Type": "SecureString", "Value": "hunter2"}


@pytest.fixture
def handler(aws):
    return Parameter(aws, REGION)


def made(handler, **properties):
    desired = handler.spelled({**HOST, **properties})
    return create(handler, Desired(desired, TAGS))


def test_tags_go_with_the_first_write_and_never_with_another(handler):
    calls = sent(handler.client)
    name = made(handler)
    assert update(handler, name, {**HOST, "Value": "db2.example.com"}) == ()
    (_, first), (_, second) = calls
    assert (first["Tags"], "Overwrite" in first) == ([{"Key": "owner", "Value": "us"}], False)
    assert ("Tags" in second, second["Overwrite"]) == (False, True)
    assert look(handler, name).tags == TAGS


def test_an_update_is_whole(handler):
    name = made(handler, AllowedPattern="[a-z.]+", Description="where", Tier="Advanced")
    calls = sent(handler.client)
    assert update(handler, name, {"Value": "db.test", "Description": None}) == ()
    ((_, given),) = calls
    assert given == {
        **HOST,
        "Value": "db.test",
        "AllowedPattern": "[a-z.]+",
        "Description": "",
        "DataType": "text",
        "Tier": "Advanced",
        "Overwrite": True,
    }


def test_a_value_that_is_others_business_goes_back_as_it_came(handler):
    name = made(handler)
    handler.client.put_parameter(**{**HOST, "Value": "theirs"}, Overwrite=True)
    assert update(handler, name, {"Description": "where"}) == ()
    assert look(handler, name, {"Value"})["Value"] == "theirs"


def test_policies_that_nobody_mentions_go_back_as_they_came(handler, monkeypatch):
    texts = ['{"Type":"Expiration"}', '{"Type":"NoChangeNotification"}']
    policies = [{"PolicyText": text, "PolicyStatus": "Pending"} for text in texts]
    observed = Observed(HOST["Name"], {**HOST, "Policies": policies})
    wanted = {**observed.properties, "Value": "new"}
    given = []
    monkeypatch.setattr(handler.client, "put_parameter", lambda **sent: given.append(sent))
    handler.update(Change(observed, wanted, {}, (FieldChange("Value", "old", "new"),)))
    assert given[0]["Policies"] == f"[{texts[0]},{texts[1]}]"


def test_the_value_of_a_secure_string_is_written_once_and_never_asked_for(handler):
    made(handler)
    reads = sent(handler.client, "GetParameter", "GetParameters", "GetParameterHistory")
    name = made(handler, **TOKEN)
    assert "Value" not in look(handler, name, {"Value", "Type"}).properties
    look(handler, HOST["Name"], {"Value"})
    (_, written), *asked = reads
    assert written["Value"] == "hunter2"
    assert asked == [("GetParameters", {"Names": [HOST["Name"]]})]


def test_what_it_was_made_with_is_no_difference_whatever_it_is_now(handler):
    name = made(handler, **TOKEN)
    handler.client.put_parameter(**{**TOKEN, "Value": "hunter3"}, Overwrite=True)
    assert change(handler, look(handler, name), {**TOKEN, "Value": "hunter4"}).fields == ()


@pytest.mark.parametrize(
    ("initial", "sent_value"), [({}, "hunter2"), ({"$initial": {"Value": "mine"}}, "mine")]
)
def test_it_counts_for_the_creation_alone(handler, initial, sent_value):
    spelled = handler.spelled({**TOKEN, **initial})
    assert "Value" not in spelled
    assert plain(spelled)["Value"] == sent_value
    assert handler.spelled(spelled) == spelled


def test_what_aws_takes_only_with_the_value_is_for_who_keeps_it(handler):
    name = made(handler, **TOKEN)
    calls = sent(handler.client)
    with pytest.raises(
        Denied, match=f"Description .*put-parameter --region {REGION} --name {name}"
    ):
        update(handler, name, {**TOKEN, "Description": "another"})
    assert calls == []


def test_the_values_of_a_folder_are_read_ten_at_a_time(handler):
    inside = [f"/uat/orders/{number:02}" for number in range(12)]
    for name in (*inside, "/uat/theirs", "/uat/orders/05/theirs"):
        made(handler, Name=name)
    made(handler, **{**TOKEN, "Name": "/uat/orders/05b"})
    calls = sent(handler.client, "GetParameters")
    listed = {found.id: found for found in handler.listed(1)}
    values = [handler.get(listed[name], {"Value"})["Value"] for name in inside]
    assert values == ["db.example.com"] * 12
    assert [given["Names"] for _, given in calls] == [inside[:10], inside[10:]]


def test_a_value_that_nobody_mentions_is_not_read(handler):
    made(handler)
    calls = sent(handler.client, "GetParameters")
    (found,) = handler.listed()
    assert "Value" not in handler.get(found, {"Description"}).properties
    assert calls == []


def test_after_a_write_the_value_is_read_anew(handler):
    name = made(handler)
    assert look(handler, name, {"Value"})["Value"] == HOST["Value"]
    handler.client.put_parameter(**{**HOST, "Value": "new"}, Overwrite=True)
    assert look(handler, name, {"Value"})["Value"] == "new"


def test_pages_are_as_long_as_aws_makes_them(handler):
    calls = sent(handler.client, "DescribeParameters")
    list(handler.listed())
    assert calls == [("DescribeParameters", {"MaxResults": 50})]


def test_tags_that_the_sweep_has_shown_are_not_read(handler):
    name = made(handler)
    calls = sent(handler.client, "ListTagsForResource")
    (found,) = handler.listed()
    assert found.arn == f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{name}"
    known = Found(found.id, found.properties, TAGS, found.arn)
    assert handler.get(known, set()).tags == TAGS
    assert calls == []
    assert handler.get(found, set()).tags == TAGS
    assert [name for name, _ in calls] == ["ListTagsForResource"]


def test_a_name_that_is_taken_is_left_alone(handler):
    handler.client.put_parameter(**{**HOST, "Value": "theirs"})
    with pytest.raises(handler.client.exceptions.ParameterAlreadyExists):
        made(handler)
    assert look(handler, HOST["Name"], {"Value"})["Value"] == "theirs"


def test_what_is_gone_is_none_and_can_be_deleted_again(handler):
    made(handler)
    (found,) = handler.listed()
    observed = handler.get(found, set())
    for _ in range(2):
        handler.delete(observed)
    assert handler.get(found, set()) is None
