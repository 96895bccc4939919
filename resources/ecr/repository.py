"""https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Repository.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import SET, Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed

LIFECYCLE = "lifecyclePolicyText"
POLICY = "policyText"
SCANNING = "imageScanningConfiguration"
MUTABILITY = "imageTagMutability"
FILTERS = "imageTagMutabilityExclusionFilters"


class Repository(Handler):
    """A private repository of container images."""

    key = ("repositoryName",)
    naming = "repositoryName"
    immutable = {"encryptionConfiguration", "repositoryName"}
    deferred = {POLICY}
    lists = {
        FILTERS: SET,
        f"{LIFECYCLE}.rules": ("rulePriority",),
        f"{LIFECYCLE}.*": SET,
    }
    policies = {POLICY}
    documents = {LIFECYCLE}
    outputs = {"repositoryArn", "repositoryUri"}
    tagging = Tagging()
    holds_data = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        for repository in self.listing("describe_repositories", since):
            arn = repository["repositoryArn"]
            yield Found(arn, repository, arn=arn)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("RepositoryNotFoundException"):
            texts = self._texts_of(found.properties["repositoryName"], mentioned)
            return Observed(found.id, {**found.properties, **texts}, self._tags(found))
        return None

    def create(self, desired: Desired) -> str:
        born = self.accepted("create_repository", desired.properties)
        answer = self.client.create_repository(**born, tags=self.tagging.to_aws(desired.tags))
        return str(answer["repository"]["repositoryArn"])

    def update(self, change: Change) -> None:
        name = {"repositoryName": change.wanted["repositoryName"]}
        if change.touches(MUTABILITY, FILTERS):
            self.client.put_image_tag_mutability(**name, **_mutability(change))
        if change.touches(SCANNING):
            scanning = {SCANNING: change.wanted.get(SCANNING, {"scanOnPush": False})}
            self.client.put_image_scanning_configuration(**name, **scanning)
        if change.touches(LIFECYCLE):
            self._write_lifecycle(name, change.wanted.get(LIFECYCLE))
        if change.touches(POLICY):
            self._write_policy(name, change.wanted.get(POLICY))

    def delete(self, observed: Observed) -> None:
        # Without `force`, AWS refuses while images remain. That is what we want.
        with missing("RepositoryNotFoundException"):
            self.client.delete_repository(repositoryName=observed["repositoryName"])

    def _texts_of(self, name: str, mentioned: Set[str]) -> dict[str, Any]:
        texts: dict[str, Any] = {}
        if LIFECYCLE in mentioned:
            with missing("LifecyclePolicyNotFoundException"):
                texts |= self.client.get_lifecycle_policy(repositoryName=name)
        if POLICY in mentioned:
            with missing("RepositoryPolicyNotFoundException"):
                texts |= self.client.get_repository_policy(repositoryName=name)
        return {each: texts[each] for each in (LIFECYCLE, POLICY) if each in texts}

    def _tags(self, found: Found) -> dict[str, str]:
        if found.tags is not None:
            return dict(found.tags)
        answer = self.client.list_tags_for_resource(resourceArn=found.id)
        return dict(self.tagging.from_aws(answer["tags"]))

    def _write_lifecycle(self, name: dict[str, str], policy: Any) -> None:
        if policy:
            text = self.sent(LIFECYCLE, policy)
            self.client.put_lifecycle_policy(**name, lifecyclePolicyText=text)
            return
        with missing("LifecyclePolicyNotFoundException"):
            self.client.delete_lifecycle_policy(**name)

    def _write_policy(self, name: dict[str, str], policy: Any) -> None:
        if policy:
            self.client.set_repository_policy(**name, policyText=self.sent(POLICY, policy))
            return
        with missing("RepositoryPolicyNotFoundException"):
            self.client.delete_repository_policy(**name)


def _mutability(change: Change) -> dict[str, Any]:
    """AWS refuses filters beside a mutability that knows no exceptions."""
    mutability = change.wanted.get(MUTABILITY, "MUTABLE")
    filters = change.wanted.get(FILTERS, []) if mutability.endswith("_WITH_EXCLUSION") else []
    return {MUTABILITY: mutability, **({FILTERS: filters} if filters else {})}
