"""Written from the Inspector API reference: what is scanned, and when AWS is done with it."""

import pytest

from tests.conftest import ACCOUNT


@pytest.fixture
def inspector(moto):
    return moto("inspector2")


def states(inspector, **accounts):
    (account,) = inspector.batch_get_account_status(**accounts)["accounts"]
    assert account["accountId"] == ACCOUNT
    return {name: each["status"] for name, each in account["resourceState"].items()}


def test_an_account_that_was_never_enabled_says_that_all_is_off(inspector):
    assert set(states(inspector, accountIds=[ACCOUNT]).values()) == {"DISABLED"}


def test_no_account_means_our_own(inspector):
    inspector.enable(resourceTypes=["EC2", "LAMBDA"])
    states(inspector)
    inspector.disable(resourceTypes=["EC2"])
    states(inspector)
    assert states(inspector) == {
        "ec2": "DISABLED",
        "ecr": "DISABLED",
        "lambda": "ENABLED",
        "lambdaCode": "DISABLED",
        "codeRepository": "DISABLED",
    }


def test_what_is_switched_is_on_its_way_first(inspector):
    named = {"accountIds": [ACCOUNT]}
    inspector.enable(**named, resourceTypes=["EC2", "ECR"])
    assert states(inspector, **named)["ec2"] == "ENABLING"
    assert states(inspector, **named)["ec2"] == "ENABLED"
    inspector.disable(**named, resourceTypes=["EC2"])
    shown = states(inspector, **named)
    assert (shown["ec2"], shown["ecr"]) == ("DISABLING", "ENABLED")
    assert states(inspector, **named)["ec2"] == "DISABLED"


def test_the_account_is_on_its_way_as_long_as_a_part_of_it_is(inspector):
    named = {"accountIds": [ACCOUNT]}

    def whole():
        return inspector.batch_get_account_status(**named)["accounts"][0]["state"]["status"]

    inspector.enable(**named, resourceTypes=["ECR"])
    assert (whole(), whole()) == ("ENABLING", "ENABLED")


def test_repositories_of_code_can_be_scanned(inspector):
    inspector.enable(accountIds=[ACCOUNT], resourceTypes=["CODE_REPOSITORY"])
    states(inspector, accountIds=[ACCOUNT])
    assert states(inspector, accountIds=[ACCOUNT])["codeRepository"] == "ENABLED"
