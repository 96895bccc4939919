"""What ElastiCache refuses of a replication group that is made or modified.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from moto.ec2.models import ec2_backends
from moto.elasticache.exceptions import (
    ElastiCacheException,
    InvalidParameterCombinationException,
    InvalidParameterValueException,
    ReplicationGroupNotFound,
)

from reconciler.sandbox.elasticache_offers import TOLD, family, offered
from reconciler.sandbox.elasticache_parameter_groups import parameter_group


def resting(backend: Any, name: str) -> Any:
    """The group of this name, unless AWS is at work on it: then it takes nothing else."""
    group = backend.replication_groups.get(name.lower())
    if group is None:
        raise ReplicationGroupNotFound(name)
    if group.status not in ("available", "create-failed"):
        what = f"Replication group {name} is {group.status}, so it is not in available state."
        raise ElastiCacheException("InvalidReplicationGroupState", what)
    return group


def version(engine: str, asked: str) -> str:
    """What a version is called once AWS has taken it."""
    if (engine, asked) not in TOLD:
        raise InvalidParameterValueException(f"{engine} {asked} is not a version one can ask for.")
    return TOLD[engine, asked]


def refuse(backend: Any, group: Any) -> None:
    """What no group may be."""
    if not offered(group.cache_node_type, backend.region_name):
        raise InvalidParameterValueException(f"There are no nodes of {group.cache_node_type} here.")
    wanted = family(group.engine, group.engine_version)
    parameters = parameter_group(backend, group.cache_parameter_group_name)
    if parameters.cache_parameter_group_family != wanted:
        raise InvalidParameterCombinationException(f"The parameter group is not of {wanted}.")
    known = ec2_backends[backend.account_id][backend.region_name].describe_security_groups()
    for unknown in sorted({*group.security_group_ids} - {each.id for each in known}):
        raise InvalidParameterValueException(f"Security group {unknown} does not exist.")
    refuse_nodes(group, len(group.member_clusters))


def refuse_nodes(group: Any, nodes: int) -> None:
    """Failover goes to another node, and between zones only where there is failover."""
    if group.automatic_failover == "enabled" and nodes < 2:
        raise InvalidParameterCombinationException("Automatic failover needs a replica.")
    if group.multi_az == "enabled" and group.automatic_failover != "enabled":
        raise InvalidParameterCombinationException("Multi-AZ needs automatic failover.")


def refuse_change(before: Any, after: Any, given: Mapping[str, Any]) -> None:
    """What no group can become."""
    if before.engine == after.engine and _numbers(after) < _numbers(before):
        raise InvalidParameterCombinationException("An engine cannot be downgraded.")
    encrypted = before.transit_encryption_enabled, after.transit_encryption_enabled
    modes = before.transit_encryption_mode, given.get("TransitEncryptionMode")
    if encrypted == (False, True) and modes[1] != "preferred":
        what = "Encryption in transit is enabled with TransitEncryptionMode preferred."
        raise InvalidParameterCombinationException(what)
    if encrypted == (True, False) and modes[0] != "preferred":
        what = "Encryption in transit is disabled from TransitEncryptionMode preferred."
        raise InvalidParameterCombinationException(what)


def _numbers(group: Any) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", group.engine_version)]
