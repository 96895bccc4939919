"""Written from the CodeConnections API reference: a service that moto does not know."""

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox.codeconnections import connections
from reconciler.sandbox.people import people
from reconciler.sandbox.server import serve, session
from tests.conftest import ACCOUNT, REGION

GITHUB = {"ConnectionName": "muvi-github", "ProviderType": "GitHub"}


@pytest.fixture
def client(moto):
    return moto("codeconnections", REGION)


def statuses(client):
    return [each["ConnectionStatus"] for each in client.list_connections()["Connections"]]


# https://docs.aws.amazon.com/codeconnections/latest/APIReference/API_CreateConnection.html
def test_everyday_people_let_aws_in_at_once(client):
    arn = client.create_connection(**GITHUB)["ConnectionArn"]
    assert arn.startswith(f"arn:aws:codeconnections:{REGION}:{ACCOUNT}:connection/")
    assert statuses(client) == ["AVAILABLE"]


# https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-update.html
def test_on_a_first_day_it_waits_for_a_person(client, monkeypatch):
    monkeypatch.setattr(people, "absent", True)
    arn = client.create_connection(**GITHUB)["ConnectionArn"]
    assert statuses(client) == ["PENDING"]
    connections[ACCOUNT][REGION].shake_hands(arn)
    assert statuses(client) == ["AVAILABLE"]


def test_asked_twice_there_are_two(client):
    one, other = (client.create_connection(**GITHUB)["ConnectionArn"] for _ in range(2))
    first = client.list_connections(MaxResults=1)
    second = client.list_connections(MaxResults=1, NextToken=first["NextToken"])
    assert "NextToken" not in second
    pages = (*first["Connections"], *second["Connections"])
    assert [each["ConnectionArn"] for each in pages] == [one, other]


@pytest.mark.parametrize("more", [{}, {"ProviderType": "GitHub", "HostArn": "arn:aws:x:y:z"}])
def test_it_leads_to_a_provider_or_a_host(client, more):
    with pytest.raises(ClientError, match="either ProviderType or HostArn"):
        client.create_connection(ConnectionName="it", **more)


# https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html
def test_under_its_former_name_the_service_gives_other_arns_of_the_same(moto, client):
    former = moto("codestar-connections", REGION)
    arn = former.create_connection(**GITHUB)["ConnectionArn"]
    assert arn.startswith("arn:aws:codestar-connections:")
    assert client.get_connection(ConnectionArn=arn)["Connection"]["ConnectionArn"] == arn


def test_what_is_deleted_is_gone_with_its_tags(client):
    tags = [{"Key": "owner", "Value": "muvi"}]
    arn = client.create_connection(**GITHUB, Tags=tags)["ConnectionArn"]
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "more", "Value": "1"}])
    client.untag_resource(ResourceArn=arn, TagKeys=["more"])
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == tags
    client.delete_connection(ConnectionArn=arn)
    for call in (client.delete_connection, client.get_connection):
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            call(ConnectionArn=arn)


def test_it_is_served_over_http_as_well():
    with serve(ACCOUNT) as endpoint:
        for service in ("codeconnections", "codestar-connections"):
            client = session(endpoint).client(service, REGION)
            client.create_connection(**GITHUB)
        assert statuses(client) == ["AVAILABLE", "AVAILABLE"]
