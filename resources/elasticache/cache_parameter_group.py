"""https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheParameterGroup.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import Handler, missing, portions
from reconciler.model import Change, Desired, Found, Observed
from resources.elasticache import TAGGING, tags

PARAMETERS = "ParameterNameValues"
MOST = 20  # parameters in one request


class CacheParameterGroup(Handler):
    """Settings of the engine that caches of one family use; all others are as by default."""

    key = ("CacheParameterGroupName",)
    naming = "CacheParameterGroupName"
    immutable = {"CacheParameterGroupFamily", "CacheParameterGroupName", "Description"}
    lists = {PARAMETERS: ("ParameterName",)}
    outputs = {"ARN"}
    tagging = TAGGING
    settles_within = 3600  # AWS takes no parameters while a cache that uses them is modified

    def listed(self, since: float = 0) -> Iterator[Found]:
        for group in self.listing("describe_cache_parameter_groups", since):
            name = group["CacheParameterGroupName"]
            owner = "ElastiCache" if name.startswith("default.") else ""
            yield Found(name, group, arn=group["ARN"], managed_by=owner)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("CacheParameterGroupNotFound"):
            read = {PARAMETERS: self._parameters(found.id)} if PARAMETERS in mentioned else {}
            return Observed(found.id, {**found.properties, **read}, tags(self, found))
        return None

    def create(self, desired: Desired) -> str:
        # AWS takes no parameters here; they differ then, so `update` writes them.
        given = self.accepted("create_cache_parameter_group", desired.properties)
        written = self.tagging.to_aws(desired.tags)
        answer = self.client.create_cache_parameter_group(**given, Tags=written)
        return str(answer["CacheParameterGroup"]["CacheParameterGroupName"])

    def update(self, change: Change) -> None:
        parameters, name = change.items(PARAMETERS), change.observed.id
        for some in portions(parameters.added, MOST):
            self.client.modify_cache_parameter_group(
                CacheParameterGroupName=name, ParameterNameValues=some
            )
        set_anew = {each["ParameterName"] for each in parameters.added}
        gone = [each for each in parameters.removed if each["ParameterName"] not in set_anew]
        for some in portions(gone, MOST):
            self.client.reset_cache_parameter_group(
                CacheParameterGroupName=name, ParameterNameValues=some
            )

    def delete(self, observed: Observed) -> None:
        # AWS refuses while a cache uses it. That is what we want.
        with missing("CacheParameterGroupNotFound"):
            self.client.delete_cache_parameter_group(CacheParameterGroupName=observed.id)

    def _parameters(self, name: str) -> list[dict[str, Any]]:
        """Those that somebody has set: AWS marks them as the user's."""
        pages = self.client.get_paginator("describe_cache_parameters")
        told = pages.paginate(CacheParameterGroupName=name, Source="user").search("Parameters[]")
        fields = ("ParameterName", "ParameterValue")
        return [{field: each.get(field, "") for field in fields} for each in told if each]
