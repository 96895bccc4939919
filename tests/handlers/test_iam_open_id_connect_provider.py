"""What reaches IAM of providers of identities."""

from dataclasses import replace

import pytest

from reconciler.model import Desired
from resources.iam.open_id_connect_provider import OpenIDConnectProvider
from tests.conftest import REGION
from tests.handlers.steps import change, create, look, sent, update

GITHUB = "token.actions.githubusercontent.com"
STS = {"ClientIDList": ["sts.amazonaws.com"]}
READS = ("GetOpenIDConnectProvider", "ListOpenIDConnectProviders")


@pytest.fixture
def providers(aws):
    handler = OpenIDConnectProvider(aws, REGION)
    handler.arn = create(handler, Desired({"Url": GITHUB, **STS}, {"Name": "it"}))
    return handler


def named(calls):
    return [operation for operation, _ in calls]


@pytest.mark.parametrize("url", [GITHUB, f"https://{GITHUB}"])
def test_aws_is_told_the_scheme_and_answers_without_it(aws, url):
    handler = OpenIDConnectProvider(aws, REGION)
    calls = sent(handler.client)
    desired = handler.spelled({"Url": url, **STS})
    arn = create(handler, Desired(desired, {"Name": "it"}))
    tags = [{"Key": "Name", "Value": "it"}]
    whole = {"Url": f"https://{GITHUB}", **STS, "Tags": tags}
    assert calls == [("CreateOpenIDConnectProvider", whole)]
    assert look(handler, arn, desired)["Url"] == desired["Url"]


def test_a_provider_is_found_by_its_url(providers):
    (found,) = providers.listed()
    assert found.properties["Url"] == GITHUB
    assert found.arn == found.properties["Arn"] == providers.arn


def test_a_provider_is_read_only_for_what_its_arn_does_not_say(providers):
    (found,) = providers.listed()
    calls = sent(providers.client, *READS)
    providers.get(replace(found, tags={"Name": "it"}), {"Url", "Arn"})
    assert calls == []
    assert providers.get(found, {"Url"}).tags == {"Name": "it"}
    assert named(calls) == ["GetOpenIDConnectProvider"]


def test_a_thumbprint_that_aws_found_is_no_difference(providers):
    observed = look(providers, providers.arn, {"ClientIDList", "ThumbprintList"})
    assert observed["ThumbprintList"]
    assert change(providers, observed, {"Url": GITHUB, **STS}).fields == ()


def test_audiences_are_let_in_before_others_are_shut_out(providers):
    calls = sent(providers.client)
    assert update(providers, providers.arn, {"ClientIDList": ["muvi", "films"]}) == ()
    assert [(operation, given["ClientID"]) for operation, given in calls] == [
        ("AddClientIDToOpenIDConnectProvider", "muvi"),
        ("AddClientIDToOpenIDConnectProvider", "films"),
        ("RemoveClientIDFromOpenIDConnectProvider", "sts.amazonaws.com"),
    ]


def test_thumbprints_are_written_whole(providers):
    two = ["1c58a3a8518e8759bf075b76b750d4f2df264fcd", "990f4193972f2becf12ddeda5237f9c952f20d9e"]
    calls = sent(providers.client)
    assert update(providers, providers.arn, {"ThumbprintList": two}) == ()
    ((operation, given),) = calls
    assert (operation, given["ThumbprintList"]) == ("UpdateOpenIDConnectProviderThumbprint", two)


def test_deleting_a_provider_twice_is_fine(providers):
    observed = look(providers, providers.arn)
    (found,) = providers.listed()
    for _ in range(2):
        providers.delete(observed)
    assert providers.get(found, {"ClientIDList"}) is None
