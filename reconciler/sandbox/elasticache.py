"""Replication groups of ElastiCache: what moto forgets of them, and what it never refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.elasticache.exceptions import (
    InvalidParameterCombinationException,
    InvalidParameterValueException,
)
from moto.elasticache.models import ElastiCacheBackend, ReplicationGroup
from moto.elasticache.responses import ElastiCacheResponse

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.elasticache_offers import NEWEST, family
from reconciler.sandbox.elasticache_rules import refuse, refuse_change, resting, version

NAME = re.compile(r"[a-z](?!.*--)(?!.*-$)[a-z0-9-]{0,39}")
KEPT = {
    "AutoMinorVersionUpgrade": "auto_minor_version_upgrade",
    "CacheNodeType": "cache_node_type",
    "CacheParameterGroupName": "cache_parameter_group_name",
    "Engine": "engine",
    "PreferredMaintenanceWindow": "preferred_maintenance_window",
    "ReplicationGroupDescription": "description",
    "SecurityGroupIds": "security_group_ids",
    "SnapshotRetentionLimit": "snapshot_retention_limit",
    "SnapshotWindow": "snapshot_window",
    "SnapshottingClusterId": "snapshotting_cluster_id",
    "TransitEncryptionEnabled": "transit_encryption_enabled",
    "TransitEncryptionMode": "transit_encryption_mode",
}
"""What requests call a setting, and where moto keeps it."""

SWITCHES = {"AutomaticFailoverEnabled": "automatic_failover", "MultiAZEnabled": "multi_az"}
LATER = {"CacheNodeType", "Engine", "EngineVersion"}
"""What waits for the maintenance window unless it is wanted at once."""


@corrects(ElastiCacheBackend, "create_replication_group")
def create_replication_group(original: Method, self: Any, **given: Any) -> ReplicationGroup:
    """moto takes any name, size and version, in groups that do not exist, makes one node whatever
    is asked for, always in us-east-1, and is done at once. API_CreateReplicationGroup.html"""
    name = given["replication_group_id"].lower()
    if not NAME.fullmatch(name):
        raise InvalidParameterValueException(f"ReplicationGroupId {name} is not a valid name.")
    if subnets := given["cache_subnet_group_name"]:
        self.describe_cache_subnet_groups(subnets)
    if given["auth_token"] and not given["transit_encryption_enabled"]:
        raise InvalidParameterCombinationException("An AuthToken needs encryption in transit.")
    group: ReplicationGroup = original(self, **{**given, **_usual(given), **_named(given)})
    try:
        refuse(self, group)
    except Exception:
        del self.replication_groups[name]
        raise
    _place(group.node_groups, self.region_name)
    group.status = "creating"
    return copy(group)


@corrects(ElastiCacheResponse, "modify_replication_group")
def modify_replication_group(original: Method, self: Any) -> ActionResult:
    """moto ignores most of it, and takes it at any time. API_ModifyReplicationGroup.html"""
    backend, given = self.elasticache_backend, dict(self.params)
    group = resting(backend, given.pop("ReplicationGroupId"))
    if not given.pop("ApplyImmediately", False):
        given = {name: value for name, value in given.items() if name not in LATER}
    if not given:
        raise InvalidParameterCombinationException("No modifications were requested")
    after = _modified(copy(group), given)
    refuse_change(group, after, given)
    refuse(backend, after)
    vars(group).update(vars(after), status="modifying")
    return ActionResult({"ReplicationGroup": copy(group)})


@corrects(ElastiCacheResponse, "delete_replication_group")
def delete_replication_group(original: Method, self: Any) -> ActionResult:
    """moto takes no final snapshot, and a delete at any time. API_DeleteReplicationGroup.html"""
    backend = self.elasticache_backend
    group = resting(backend, self._get_param("ReplicationGroupId"))
    if snapshot := self._get_param("FinalSnapshotIdentifier"):
        backend.create_snapshot(snapshot, group.replication_group_id, None, None, None)
    group.status = "deleting"
    return ActionResult({"ReplicationGroup": copy(group)})


def _named(given: Mapping[str, Any]) -> dict[str, Any]:
    """Names as AWS keeps them, and the version as it tells it."""
    engine = given["engine"] or "redis"
    told = version(engine, given["engine_version"] or NEWEST[engine])
    parameters = given["cache_parameter_group_name"] or f"default.{family(engine, told)}"
    return {
        "replication_group_id": given["replication_group_id"].lower(),
        "engine": engine,
        "engine_version": told,
        "cache_parameter_group_name": parameters.lower(),
    }


def _usual(given: Mapping[str, Any]) -> dict[str, Any]:
    """What AWS chooses where nobody did, and the nodes where moto looks for them."""
    mode = given["transit_encryption_mode"] or "required"
    window = given["preferred_maintenance_window"] or "sun:23:00-mon:00:00"
    return {
        "replicas_per_node_group": (given["num_cache_clusters"] or 1) - 1,
        "security_group_ids": given["security_group_ids"] or [],
        "auto_minor_version_upgrade": given["auto_minor_version_upgrade"] is not False,
        "preferred_maintenance_window": window,
        "snapshot_window": given["snapshot_window"] or "05:00-06:00",
        "transit_encryption_mode": mode if given["transit_encryption_enabled"] else None,
    }


def _place(shards: list[Any], region: str) -> None:
    for shard in shards:
        reader = {"address": shard["reader_endpoint_address"], "port": shard["port"]}
        shard["reader_endpoint"] = reader
        for member in shard["node_group_members"]:
            zone = member["preferred_availability_zone"].removeprefix("us-east-1")
            member["preferred_availability_zone"] = f"{region}{zone[-1]}"


def _modified(group: Any, given: Mapping[str, Any]) -> Any:
    for name, value in given.items():
        if name in SWITCHES:
            setattr(group, SWITCHES[name], "enabled" if value else "disabled")
        elif name in KEPT:
            setattr(group, KEPT[name], value)
    if "EngineVersion" in given:
        group.engine_version = version(group.engine, given["EngineVersion"])
    if not group.transit_encryption_enabled:
        group.transit_encryption_mode = None
    return group
