"""Which refusals only people can lift."""

import pytest

from reconciler.aws.people import asked_of_people
from tests.shop import refusal


@pytest.mark.parametrize(
    ("code", "message", "who"),
    [
        (
            "AccessDenied",
            "Your account must be verified before you can add new CloudFront resources. To verify "
            "your account, please contact AWS Support",
            "AWS Support",
        ),
        ("OptInRequired", "You are not subscribed to this service.", "who administers"),
        ("PendingVerification", "Your request for accessing resources in this region", "AWS"),
    ],
)
def test_some_refusals_name_who_must_do_what(code, message, who):
    wait = asked_of_people(refusal(code, message))
    assert who in wait.who
    assert wait.what


@pytest.mark.parametrize(
    ("code", "message"),
    [("AccessDenied", "User: me is not authorized to perform: x"), ("Throttling", "Rate exceeded")],
)
def test_others_are_errors(code, message):
    assert asked_of_people(refusal(code, message)) is None
