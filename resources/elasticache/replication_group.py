"""https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import UTC, datetime
from typing import Any

from reconciler.handler import SET, Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Status, View, Within
from resources.elasticache import TAGGING, tags

NODES = "NumCacheClusters"
STATES = {"available": Status.READY, "create-failed": Status.BROKEN}


class ReplicationGroup(Handler):
    """A cache of one shard, Redis or Valkey: a primary node, and replicas if there are more."""

    key = ("ReplicationGroupId",)
    naming = "ReplicationGroupId"
    immutable = {
        "AtRestEncryptionEnabled",
        "CacheSubnetGroupName",
        "KmsKeyId",
        "ReplicationGroupId",
    }
    disruptive = {
        "CacheNodeType",
        "Engine",
        "EngineVersion",
        "TransitEncryptionEnabled",
        "TransitEncryptionMode",
    }
    lists = {"SecurityGroupIds": SET}
    reads = {
        "AutomaticFailoverEnabled": "AutomaticFailover=='enabled'||AutomaticFailover=='enabling'",
        "CacheParameterGroupName": "CacheParameterGroup.CacheParameterGroupName",
        "MultiAZEnabled": "MultiAZ=='enabled'",
        NODES: "length(MemberClusters||`[]`)",
        "PrimaryEndpoint": "NodeGroups[0].PrimaryEndpoint",
        "ReaderEndpoint": "NodeGroups[0].ReaderEndpoint",
        "ReplicationGroupDescription": "Description",
        "SecurityGroupIds": "SecurityGroups[?Status!='removing'].SecurityGroupId",
    }
    write_only = {"AuthToken"}
    given = {"AuthToken": "AuthToken"}
    outputs = {"ARN", "PrimaryEndpoint", "ReaderEndpoint"}
    tagging = TAGGING
    settles_within = 3600
    holds_data = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        groups = self.listing("describe_replication_groups", since)
        clusters = self.listing("describe_cache_clusters", since)
        nodes = {each["CacheClusterId"]: each for each in clusters}
        for group in groups:
            members = [nodes[each] for each in group.get("MemberClusters", ()) if each in nodes]
            # What says most about a new group stands on its nodes, which may show a little later.
            if members or group["Status"] != "creating":
                whole = {**_telling(members), **group}
                yield Found(group["ReplicationGroupId"], whole, arn=group["ARN"])

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        told = found.properties
        state = told["Status"] if told["Status"] != "available" else told.get("CacheClusterStatus")
        status = STATES.get(state or "available", Status.PENDING)
        reason = "" if status is Status.READY else f"its status is {state}"
        with missing("ReplicationGroupNotFoundFault"):
            return Observed(found.id, told, tags(self, found), status, reason)
        return None

    def create(self, desired: Desired) -> str:
        written = self.tagging.to_aws(desired.tags)
        answer = self.client.create_replication_group(**desired.properties, Tags=written)
        return str(answer["ReplicationGroup"]["ReplicationGroupId"])

    def update(self, change: Change) -> None:
        # AWS takes one modification at a time; what is left differs still when the engine looks.
        group, at_once = {"ReplicationGroupId": change.observed.id}, {"ApplyImmediately": True}
        replicas = {"NewReplicaCount": change.wanted[NODES] - 1}
        more = change.wanted[NODES] - change.observed[NODES]
        modified = _modified(self.accepted("modify_replication_group", change.changed), change)
        if more > 0:  # first, for failover wants two nodes
            self.client.increase_replica_count(**group, **replicas, **at_once)
        elif modified:
            self.client.modify_replication_group(**group, **modified, **at_once)
        elif more < 0:
            self.client.decrease_replica_count(**group, **replicas, **at_once)

    def delete(self, observed: Observed) -> None:
        with missing("ReplicationGroupNotFoundFault"):
            if observed["Status"] != "deleting":
                self.client.delete_replication_group(
                    ReplicationGroupId=observed.id, **_last(observed)
                )

    def within(self, desired: Desired, view: View) -> Mapping[str, Within]:
        # AWS tells 7.1.0 of what it took as 7.1, and brings nothing back to a version before.
        if "EngineVersion" not in desired.properties:
            return {}
        return {"EngineVersion": Within("ElastiCache upgrades", above=desired["EngineVersion"])}


def _telling(members: Sequence[Properties]) -> Properties:
    """The node that AWS is at work on, if there is one; they are alike otherwise."""
    busy = (each for each in members if each["CacheClusterStatus"] != "available")
    return next(busy, members[0] if members else {})


def _modified(given: dict[str, Any], change: Change) -> dict[str, Any]:
    """What differs, and what AWS wants to hear beside it."""
    if given.get("TransitEncryptionEnabled"):
        # Clients come over while both ways are open; what is stricter is another step.
        given["TransitEncryptionMode"] = "preferred"
    if given.get("SnapshotRetentionLimit") and not change.observed["SnapshotRetentionLimit"]:
        given["SnapshottingClusterId"] = change.observed["MemberClusters"][-1]
    if "Engine" in given:
        given["EngineVersion"] = change.wanted["EngineVersion"]
    return given


def _last(observed: Observed) -> dict[str, Any]:
    """What becomes of the data. Of a group that failed, AWS takes no snapshot."""
    if observed["Status"] == "create-failed":
        return {}
    # A name that is taken is refused, so it tells when.
    return {"FinalSnapshotIdentifier": f"{observed.id}-final-{datetime.now(UTC):%Y%m%d%H%M%S}"}
