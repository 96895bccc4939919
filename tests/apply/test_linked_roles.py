"""What a service refuses for want of its role is sent again, once the role is made."""

import pytest
from botocore.exceptions import ClientError

from reconciler.aws.linked_roles import PRINCIPALS
from reconciler.errors import NotSettled
from reconciler.model import Action
from tests.apply.test_converge import WEB, steps, store
from tests.shop import refusal

__all__ = ["steps"]

LACKS = refusal("ServiceRefuses", "Unable to assume the service linked role. Does it exist?")


@pytest.fixture
def roles(shop, monkeypatch):
    """The principals whose roles IAM was told to make."""
    made = []
    monkeypatch.setitem(PRINCIPALS, "shop", "shop.amazonaws.com")
    shop.create_service_linked_role = lambda **given: made.append(*given.values())
    return made


def test_a_create_makes_the_role_once_and_is_sent_until_it_is_taken(shop, steps, roles):
    shop.mood("create", LACKS, LACKS)
    way = steps(store())
    assert way.to() is None
    assert shop.said == ["create web"] * 3
    assert roles == ["shop.amazonaws.com"]
    assert "Unable to assume the service linked role" in way.whys[0]


def test_an_update_does_so_too(shop, steps, roles):
    shop.put(WEB)
    shop.mood("update", LACKS)
    assert steps(store(note="y"), action=Action.UPDATE).to() is None
    assert shop.said == ["update web-0"] * 2
    assert roles == ["shop.amazonaws.com"]


def test_a_role_that_the_service_never_sees_is_not_waited_for_without_end(shop, steps, roles):
    shop.mood("create", *[LACKS] * 1000)
    with pytest.raises(NotSettled, match="service linked role"):
        steps(store()).to()
    assert roles == ["shop.amazonaws.com"]


def test_a_role_that_we_may_not_make_is_told_at_once(shop, steps, roles):
    def refuse(**_):
        raise refusal("AccessDenied", "not authorized to perform: iam:CreateServiceLinkedRole")

    shop.create_service_linked_role = refuse
    shop.mood("create", LACKS)
    with pytest.raises(ClientError, match="iam:CreateServiceLinkedRole"):
        steps(store()).to()
    assert shop.said == ["create web"]
