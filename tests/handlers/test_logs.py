"""What CloudWatch Logs is asked."""

import pytest

from reconciler.model import Change, Desired, FieldChange, Found, Observed
from resources.logs.log_group import LogGroup
from tests.conftest import REGION
from tests.handlers import steps

NAME = {"logGroupName": "/ecs/web"}


@pytest.fixture
def sent(aws):
    """Every write from now on, and every reading of tags, as (operation, parameters)."""
    return steps.sent(aws.client("logs", REGION), "ListTagsForResource")


@pytest.fixture
def group(aws):
    handler = LogGroup(aws, REGION)
    handler.create(Desired({**NAME, "retentionInDays": 14}, {"owner": "muvi"}))
    (found,) = handler.listed()
    return handler, found


def test_tags_are_read_by_the_arn_without_its_star(group, sent):
    handler, found = group
    assert handler.get(found, set()).tags == {"owner": "muvi"}
    ((name, params),) = sent
    assert name == "ListTagsForResource"
    assert params["resourceArn"].endswith(":log-group:/ecs/web")


def test_tags_that_the_sweep_has_shown_are_not_read(group, sent):
    handler, found = group
    known = Found(found.id, found.properties, {"owner": "muvi"}, found.arn)
    assert handler.get(known, set()).tags == {"owner": "muvi"}
    assert sent == []


@pytest.mark.parametrize(
    ("wanted", "call"),
    [
        ({"retentionInDays": 30}, ("PutRetentionPolicy", {**NAME, "retentionInDays": 30})),
        ({"retentionInDays": None}, ("DeleteRetentionPolicy", NAME)),
        ({"kmsKeyId": "arn:k"}, ("AssociateKmsKey", {**NAME, "kmsKeyId": "arn:k"})),
        ({"kmsKeyId": None}, ("DisassociateKmsKey", NAME)),
    ],
)
def test_each_setting_has_a_call_to_write_it_and_one_to_take_it_away(group, sent, wanted, call):
    handler, found = group
    kept = {name: value for name, value in wanted.items() if value is not None}
    fields = tuple(FieldChange(name, "before", value) for name, value in wanted.items())
    handler.update(Change(Observed(found.id, found.properties), {**NAME, **kept}, {}, fields))
    assert sent == [call]


def test_a_group_that_is_gone_is_none_and_can_be_deleted_again(group):
    handler, found = group
    observed = handler.get(found, set())
    handler.delete(observed)
    handler.delete(observed)
    assert LogGroup(handler.aws, REGION).client.describe_log_groups()["logGroups"] == []
