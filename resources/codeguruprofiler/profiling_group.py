"""https://docs.aws.amazon.com/codeguru/latest/profiler-api/API_ProfilingGroupDescription.html"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed


class ProfilingGroup(Handler):
    """What is profiled together, and whether its agents do so."""

    key = ("profilingGroupName",)
    naming = "profilingGroupName"
    immutable = {"computePlatform", "profilingGroupName"}
    reads = {"profilingGroupName": "name"}
    outputs = {"arn"}
    tagging = Tagging(of="arn", key="")
    absent_from = {"me-central-1"}

    def listed(self, since: float = 0) -> Iterator[Found]:
        groups = self.listing(
            "list_profiling_groups", since, "profilingGroups", includeDescription=True
        )
        for group in groups:
            yield Found(group["name"], group, group.get("tags") or {})

    def create(self, desired: Desired) -> str:
        token = hashlib.sha256(desired.intent.encode()).hexdigest()
        tags = self.tagging.to_aws(desired.tags)
        answer = self.client.create_profiling_group(
            **desired.properties, clientToken=token, tags=tags
        )
        return str(answer["profilingGroup"]["name"])

    def update(self, change: Change) -> None:
        settings = self.accepted("update_profiling_group", change.wanted)
        self.client.update_profiling_group(**settings)

    def delete(self, observed: Observed) -> None:
        with missing("ResourceNotFoundException"):
            self.client.delete_profiling_group(profilingGroupName=observed.id)
