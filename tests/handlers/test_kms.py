"""What KMS is asked."""

import json
from dataclasses import replace

import pytest

from reconciler.aws.ownership import ADDRESS, ENVIRONMENT, RETIRED
from reconciler.model import Desired, Status
from resources.kms.key import Key
from tests.conftest import ACCOUNT, REGION
from tests.handlers.steps import change, create, look, sent, update

TAGS = {ENVIRONMENT: "uat", ADDRESS: "kms.key/it"}
ORDERS, INVOICES = {"AliasName": "alias/orders"}, {"AliasName": "alias/invoices"}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
READS = ("DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags")


@pytest.fixture
def handler(aws):
    return Key(aws, REGION)


def made(handler, tags=None, **properties):
    return create(handler, Desired({"Aliases": [ORDERS], **properties}, tags or TAGS))


@pytest.fixture
def key(handler):
    """A key as it is once it has its name."""
    id_ = made(handler)
    assert update(handler, id_, {"Aliases": [ORDERS]}) == ()
    return id_


@pytest.fixture
def dying(handler, key):
    handler.delete(look(handler, key))
    return key


def names(calls):
    return [name for name, _ in calls]


def test_it_is_made_with_its_tags_and_named_and_given_its_policy_later(handler):
    calls = sent(handler.client)
    id_ = made(handler, Description="orders", Policy=POLICY)
    ((name, given),) = calls
    tags = [{"TagKey": name, "TagValue": TAGS[name]} for name in sorted(TAGS)]
    assert (name, given) == ("CreateKey", {"Description": "orders", "Tags": tags})
    calls.clear()
    assert update(handler, id_, handler.understood({"Aliases": [ORDERS], "Policy": POLICY})) == ()
    assert names(calls) == ["CreateAlias"]  # AWS's own policy says the same


def test_nobody_asks_to_be_let_past_the_check_against_locking_out(handler, key):
    calls = sent(handler.client)
    wider = {**POLICY, "Statement": [*POLICY["Statement"], {**POLICY["Statement"][0], "Sid": "b"}]}
    assert update(handler, key, handler.understood({"Policy": wider})) == ()
    ((name, given),) = calls
    assert (name, given["PolicyName"]) == ("PutKeyPolicy", "default")
    assert "BypassPolicyLockoutSafetyCheck" not in given
    assert len(json.loads(given["Policy"])["Statement"]) == 2


def test_a_policy_that_shall_not_be_is_left_since_every_key_has_one(handler, key):
    calls = sent(handler.client)
    assert update(handler, key, {"Policy": None}) != ()
    assert calls == []


def test_only_what_is_mentioned_is_read(handler, key):
    calls = sent(handler.client, *READS)
    look(handler, key, {"Description"})
    assert names(calls) == ["DescribeKey", "ListResourceTags"]
    calls.clear()
    look(handler, key, {"Policy", "RotationPeriodInDays"})
    assert {*names(calls)} == {*READS}


def test_a_key_without_a_name_shows_its_tags_for_nothing_else_says_whose_it_is(handler):
    id_ = made(handler)
    (found,) = handler.listed()
    assert (found.id, found.tags) == (id_, TAGS)


def test_one_with_a_name_is_left_to_the_sweep(handler, key):
    calls = sent(handler.client, *READS)
    (found,) = handler.listed(float("inf"))
    assert (found.tags, found.arn.rpartition("/")[2], calls) == (None, key, [])


def test_a_strangers_key_that_shows_nothing_stops_nobody(handler, monkeypatch):
    made(handler)
    error = {"Error": {"Code": "AccessDeniedException", "Message": "no"}}

    def refuse(_):
        raise handler.client.exceptions.ClientError(error, "ListResourceTags")

    pages = handler.client.get_paginator
    monkeypatch.setattr(
        handler.client,
        "get_paginator",
        lambda name: refuse(name) if name == "list_resource_tags" else pages(name),
    )
    assert [found.tags for found in handler.listed()] == [None]


def test_awss_own_keys_are_awss(handler):
    handler.client.describe_key(KeyId="alias/aws/rds")  # which makes it
    assert [found.managed_by for found in handler.listed()] == ["AWS"]


def test_a_name_is_given_before_another_is_taken_away(handler, key):
    calls = sent(handler.client)
    assert update(handler, key, {"Aliases": [INVOICES]}) == ()
    assert names(calls) == ["CreateAlias", "DeleteAlias"]


def test_a_name_is_taken_over_from_the_key_that_was_ours(handler, key):
    handler.tag(look(handler, key), {**TAGS, ADDRESS: RETIRED + TAGS[ADDRESS]})
    new = made(handler)
    calls = sent(handler.client)
    assert update(handler, new, {"Aliases": [ORDERS]}) == ()
    assert calls == [("UpdateAlias", {**ORDERS, "TargetKeyId": new})]


def test_a_strangers_name_is_not(handler):
    theirs = made(handler, {"owner": "them"})
    handler.client.create_alias(**ORDERS, TargetKeyId=theirs)
    ours = made(handler)
    with pytest.raises(handler.client.exceptions.AlreadyExistsException):
        update(handler, ours, {"Aliases": [ORDERS]})
    assert look(handler, theirs)["Aliases"] == [ORDERS]


def test_what_was_named_before_an_answer_was_lost_is_named_again_without_complaint(handler, key):
    observed = look(handler, key)
    before = replace(observed, properties={**observed.properties, "Aliases": []})
    handler.update(change(handler, before, {"Aliases": [ORDERS]}))
    assert look(handler, key)["Aliases"] == [ORDERS]


def test_rotation_is_written_with_its_period(handler, key):
    calls = sent(handler.client)
    on = {"KeyRotationEnabled": True, "RotationPeriodInDays": 180}
    assert update(handler, key, on) == ()
    assert update(handler, key, {"KeyRotationEnabled": False}) == ()
    assert calls == [
        ("EnableKeyRotation", {"KeyId": key, "RotationPeriodInDays": 180}),
        ("DisableKeyRotation", {"KeyId": key}),
    ]


def test_it_is_enabled_before_anything_else_and_disabled_after_it(handler, key):
    calls = sent(handler.client)
    assert update(handler, key, {"Enabled": False, "KeyRotationEnabled": True}) == ()
    assert update(handler, key, {"Enabled": True, "KeyRotationEnabled": False}) == ()
    assert names(calls) == ["EnableKeyRotation", "DisableKey", "EnableKey", "DisableKeyRotation"]


def test_a_delete_leaves_thirty_days_and_takes_its_address_first(handler, key):
    calls = sent(handler.client)
    observed = look(handler, key)
    for _ in range(2):
        handler.delete(observed)
    assert names(calls) == ["TagResource", "ScheduleKeyDeletion", "TagResource"]
    assert calls[1][1] == {"KeyId": key, "PendingWindowInDays": 30}
    gone = look(handler, key)
    assert (gone.status, gone.tags[ADDRESS]) == (Status.GONE, RETIRED + TAGS[ADDRESS])


def test_what_nobody_owns_is_deleted_without_a_tag(handler):
    theirs = made(handler, {"owner": "them"})
    calls = sent(handler.client)
    handler.delete(look(handler, theirs))
    assert names(calls) == ["ScheduleKeyDeletion"]


def test_ours_that_is_declared_again_is_brought_back_with_what_it_can_read(handler, dying):
    calls = sent(handler.client)
    assert made(handler) == dying
    assert names(calls) == ["CancelKeyDeletion", "EnableKey"]
    back = look(handler, dying)
    assert (back.status, back["Enabled"]) == (Status.READY, True)


def test_a_strangers_is_not_brought_back(handler, dying):
    assert made(handler, {**TAGS, ENVIRONMENT: "prod"}) != dying
    assert look(handler, dying).status is Status.GONE
