"""Written from the IAM API reference: what AWS does with providers of identities."""

import json

import pytest

GITHUB = "https://token.actions.githubusercontent.com"
OURS = [{"Key": "team", "Value": "media"}]
RIGHTS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}],
}


@pytest.fixture
def iam(moto):
    return moto("iam")


@pytest.fixture
def provider(iam):
    answer = iam.create_open_id_connect_provider(
        Url=GITHUB, ClientIDList=["sts.amazonaws.com"], Tags=OURS
    )
    return {"OpenIDConnectProviderArn": answer["OpenIDConnectProviderArn"]}


def test_aws_finds_a_thumbprint_by_itself(iam, provider):
    told = iam.get_open_id_connect_provider(**provider)
    assert told["Url"] == GITHUB.removeprefix("https://")
    assert [len(each) for each in told["ThumbprintList"]] == [40]


def test_audiences_come_and_go_and_may_be_told_twice(iam, provider):
    for _ in range(2):
        iam.add_client_id_to_open_id_connect_provider(**provider, ClientID="muvi")
    for _ in range(2):
        iam.remove_client_id_from_open_id_connect_provider(**provider, ClientID="sts.amazonaws.com")
    assert iam.get_open_id_connect_provider(**provider)["ClientIDList"] == ["muvi"]


@pytest.mark.parametrize("verb", ["add_client_id_to", "remove_client_id_from"])
def test_what_is_not_there_has_no_audiences(iam, verb):
    nowhere = "arn:aws:iam::123456789012:oidc-provider/nowhere.example.com"
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        getattr(iam, f"{verb}_open_id_connect_provider")(
            OpenIDConnectProviderArn=nowhere, ClientID="muvi"
        )


def test_policies_and_providers_are_shown_by_their_tags_in_virginia_only(iam, provider, moto):
    made = iam.create_policy(PolicyName="it", PolicyDocument=json.dumps(RIGHTS), Tags=OURS)
    arn = made["Policy"]["Arn"]
    assert shown(moto, "us-east-1") == {arn, *provider.values()}
    assert shown(moto, "us-east-1", ResourceTypeFilters=["iam:policy"]) == {arn}
    assert shown(moto, "eu-central-1") == set()


def shown(moto, region, **filters):
    tagging = moto("resourcegroupstaggingapi", region)
    answer = tagging.get_resources(TagFilters=[{"Key": "team", "Values": ["media"]}], **filters)
    return {each["ResourceARN"] for each in answer["ResourceTagMappingList"]}
