"""What ElastiCache shows of replication groups while it is at work on them, and their nodes."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy, deepcopy
from typing import Any

from moto.core.responses import ActionResult
from moto.elasticache.exceptions import (
    ElastiCacheException,
    InvalidParameterValueException,
)
from moto.elasticache.models import ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.elasticache_rules import refuse_nodes, resting


@corrects(ElastiCacheBackend, "describe_replication_groups")
def describe_replication_groups(
    original: Method, self: Any, replication_group_id: str | None = None
) -> list[Any]:
    """moto is never at work, except that what it deletes never goes. Here work is done once it
    has been shown. API_DescribeReplicationGroups.html"""
    shown = []
    for group in original(self, replication_group_id):
        shown.append(copy(group))
        if group.status == "creating":
            shown[-1].node_groups = []  # as long as there are no endpoints
        if group.status == "deleting":
            del self.replication_groups[group.replication_group_id]
            self.tagging_service.delete_all_tags_for_resource(group.arn)
        group.status = "available" if group.status != "create-failed" else group.status
    return shown


@corrects(ElastiCacheBackend, "describe_cache_clusters")
def describe_cache_clusters(
    original: Method, self: Any, cache_cluster_id: str | None = None
) -> list[Any]:
    """moto has no nodes of replication groups, on which alone security groups, subnet group,
    parameter group, version and maintenance window stand. API_DescribeCacheClusters.html"""
    nodes = {node["CacheClusterId"]: node for node in _nodes(self)}
    if cache_cluster_id in nodes:
        return [nodes[cache_cluster_id]]
    others: list[Any] = original(self, cache_cluster_id)
    return [*others, *nodes.values()] if cache_cluster_id is None else others


@corrects(ElastiCacheResponse, "increase_replica_count")
def increase_replica_count(original: Method, self: Any) -> ActionResult:
    """moto lacks it. API_IncreaseReplicaCount.html"""
    return _resized(self, more=True)


@corrects(ElastiCacheResponse, "decrease_replica_count")
def decrease_replica_count(original: Method, self: Any) -> ActionResult:
    """moto lacks it. API_DecreaseReplicaCount.html"""
    return _resized(self, more=False)


def _nodes(backend: Any) -> Iterator[dict[str, Any]]:
    for group in backend.replication_groups.values():
        shown = {
            "CacheClusterStatus": group.status,
            "CacheNodeType": group.cache_node_type,
            "CacheParameterGroup": {
                "CacheParameterGroupName": group.cache_parameter_group_name,
                "ParameterApplyStatus": "in-sync",
            },
            "CacheSubnetGroupName": group.cache_subnet_group_name or "default",
            "Engine": group.engine,
            "EngineVersion": group.engine_version,
            "NumCacheNodes": 1,
            "PreferredMaintenanceWindow": group.preferred_maintenance_window,
            "ReplicationGroupId": group.replication_group_id,
            "SecurityGroups": [
                {"SecurityGroupId": each, "Status": "active"} for each in group.security_group_ids
            ],
        }
        place = group.arn.partition(":replicationgroup:")[0]
        for name in group.member_clusters:
            yield {**shown, "CacheClusterId": name, "ARN": f"{place}:cluster:{name}"}


def _resized(response: Any, more: bool) -> ActionResult:
    params = response.params
    group = resting(response.elasticache_backend, params["ReplicationGroupId"])
    nodes, before = params["NewReplicaCount"] + 1, len(group.member_clusters)
    if not params["ApplyImmediately"]:
        raise InvalidParameterValueException("ApplyImmediately must be true.")
    if nodes == before:
        raise ElastiCacheException("NoOperationFault", "It has that many replicas.")
    if (nodes > before) is not more or not 1 <= nodes <= 6:
        raise InvalidParameterValueException(f"NewReplicaCount {nodes - 1} is out of range.")
    refuse_nodes(group, nodes)
    _set_nodes(group, nodes)
    return ActionResult({"ReplicationGroup": copy(group)})


def _set_nodes(group: Any, nodes: int) -> None:
    (shard,) = group.node_groups
    members = shard["node_group_members"]
    for number in range(len(members) + 1, nodes + 1):
        name = f"{group.replication_group_id}-{number:0>3}"
        member = deepcopy(members[0])
        member.update(cache_cluster_id=name, current_role="replica")
        members.append(member)
    del members[nodes:]
    group.member_clusters = [each["cache_cluster_id"] for each in members]
    group.status = "modifying"
