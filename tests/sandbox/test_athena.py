"""Athena as its API reference describes it.

https://docs.aws.amazon.com/athena/latest/APIReference/"""

import pytest

RESULTS = {"OutputLocation": "s3://results/", "ExpectedBucketOwner": "123456789012"}
ARN = "arn:aws:athena:eu-central-1:123456789012:workgroup/{}"


@pytest.fixture
def athena(moto):
    return moto("athena")


@pytest.fixture
def group(athena):
    athena.create_work_group(
        Name="it",
        Configuration={"ResultConfiguration": RESULTS, "BytesScannedCutoffPerQuery": 10_000_000},
        Tags=[{"Key": "owner", "Value": "muvi"}],
    )
    return athena


def configuration(athena):
    return athena.get_work_group(WorkGroup="it")["WorkGroup"]["Configuration"]


def update(athena, **updates):
    athena.update_work_group(WorkGroup="it", ConfigurationUpdates=updates)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda it: it.get_work_group(WorkGroup="none"), "WorkGroup none is not found"),
        (lambda it: it.update_work_group(WorkGroup="none"), "WorkGroup none is not found"),
        (lambda it: it.delete_work_group(WorkGroup="none"), "WorkGroup none is not found"),
        (lambda it: it.delete_work_group(WorkGroup="primary"), "cannot be deleted"),
        (lambda it: it.create_work_group(Name="primary"), "WorkGroup is already created"),
    ],
)
def test_what_is_refused_is_an_invalid_request(athena, call, says):
    with pytest.raises(athena.exceptions.InvalidRequestException, match=says):
        call(athena)


def test_an_update_leaves_alone_what_it_does_not_name(group):
    update(group, ResultConfigurationUpdates={"OutputLocation": "s3://others/"})
    assert configuration(group)["BytesScannedCutoffPerQuery"] == 10_000_000
    expected = {**RESULTS, "OutputLocation": "s3://others/"}
    assert configuration(group)["ResultConfiguration"] == expected


def test_what_is_to_be_removed_goes(group):
    update(
        group,
        RemoveBytesScannedCutoffPerQuery=True,
        ResultConfigurationUpdates={"RemoveExpectedBucketOwner": True},
    )
    assert "BytesScannedCutoffPerQuery" not in configuration(group)
    assert configuration(group)["ResultConfiguration"] == {"OutputLocation": "s3://results/"}


def test_a_work_group_is_switched_off(group):
    group.update_work_group(WorkGroup="it", State="DISABLED", Description="off")
    shown = group.get_work_group(WorkGroup="it")["WorkGroup"]
    assert (shown["State"], shown["Description"]) == ("DISABLED", "off")


def test_what_is_made_without_tags_shows_none(athena):
    athena.create_work_group(Name="it")
    assert athena.list_tags_for_resource(ResourceARN=ARN.format("it"))["Tags"] == []


def test_a_work_group_made_again_has_none_of_the_old_tags(group):
    group.delete_work_group(WorkGroup="it")
    group.create_work_group(Name="it", Tags=[{"Key": "new", "Value": "1"}])
    tags = group.list_tags_for_resource(ResourceARN=ARN.format("it"))["Tags"]
    assert tags == [{"Key": "new", "Value": "1"}]
