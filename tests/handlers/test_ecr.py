"""What the container registry is asked."""

import json

import pytest

from reconciler.model import Change, Desired, FieldChange, Observed
from resources.ecr.repository import Repository
from tests.conftest import REGION
from tests.handlers import steps

NAME = {"repositoryName": "web"}
EXPIRE = {
    "rules": [
        {
            "rulePriority": 1,
            "selection": {
                "tagStatus": "any",
                "countType": "imageCountMoreThan",
                "countNumber": 9,
            },
            "action": {"type": "expire"},
        }
    ]
}


@pytest.fixture
def sent(aws):
    """Every write from now on, and every reading of what listings lack."""
    reads = ("GetLifecyclePolicy", "GetRepositoryPolicy", "ListTagsForResource")
    return steps.sent(aws.client("ecr", REGION), *reads)


@pytest.fixture
def repository(aws):
    handler = Repository(aws, REGION)
    handler.create(Desired({**NAME, "lifecyclePolicyText": EXPIRE}, {"owner": "muvi"}))
    (found,) = handler.listed()
    return handler, found


def update(handler, found, **wanted):
    kept = {name: value for name, value in wanted.items() if value is not None}
    fields = tuple(FieldChange(name, "before", value) for name, value in wanted.items())
    observed = Observed(found.id, found.properties)
    handler.update(Change(observed, {**found.properties, **kept}, {}, fields))


def test_only_mentioned_policies_are_read(repository, sent):
    handler, found = repository
    assert handler.get(found, {"imageTagMutability"}).tags == {"owner": "muvi"}
    assert [name for name, _ in sent] == ["ListTagsForResource"]
    sent.clear()
    handler.get(found, {"lifecyclePolicyText", "policyText"})
    assert {name for name, _ in sent} > {"GetLifecyclePolicy", "GetRepositoryPolicy"}


def test_policies_travel_as_text_and_come_back_as_mappings(repository):
    handler, found = repository
    update(handler, found, lifecyclePolicyText=EXPIRE)
    observed = handler.get(found, {"lifecyclePolicyText", "policyText"})
    assert handler.read(observed.properties)["lifecyclePolicyText"] == EXPIRE


def test_policies_that_shall_not_be_are_deleted_whether_they_are_or_not(repository, sent):
    handler, found = repository
    for _ in range(2):
        update(handler, found, lifecyclePolicyText=None, policyText=None)
    names = [name for name, _ in sent]
    assert names == ["DeleteLifecyclePolicy", "DeleteRepositoryPolicy"] * 2


def test_filters_are_sent_only_beside_a_mutability_that_knows_exceptions(repository, sent):
    handler, found = repository
    filters = [{"filterType": "WILDCARD", "filter": "latest"}]
    both = {"imageTagMutabilityExclusionFilters": filters}
    update(handler, found, imageTagMutability="IMMUTABLE_WITH_EXCLUSION", **both)
    update(handler, found, imageTagMutability="IMMUTABLE", **both)
    first, second = [params for _, params in sent]
    assert first == {**NAME, "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION", **both}
    assert second == {**NAME, "imageTagMutability": "IMMUTABLE"}


def test_a_repository_with_images_is_not_deleted(repository):
    handler, found = repository
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"digest": "sha256:0"},
        "layers": [],
    }
    handler.client.put_image(**NAME, imageManifest=json.dumps(manifest), imageTag="1")
    with pytest.raises(handler.client.exceptions.RepositoryNotEmptyException):
        handler.delete(handler.get(found, set()))


def test_deleting_a_repository_twice_is_fine(repository):
    handler, found = repository
    observed = handler.get(found, set())
    handler.delete(observed)
    handler.delete(observed)
    assert handler.get(found, set()) is None
