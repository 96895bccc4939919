"""Cluster parameter groups of RDS: what moto lets pass, and the operation that it lacks."""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import (
    DBClusterParameterGroupNotFoundError,
    InvalidParameterCombination,
    InvalidParameterValue,
    RDSClientError,
)
from moto.rds.models import DBClusterParameterGroup, RDSBackend
from moto.rds.responses import RDSResponse

from reconciler.sandbox.corrections import Method, corrects

MOST = 20
OURS = re.compile(r"default\.aurora-postgresql\d+")
"""The groups that AWS has from the start; moto has none."""

STATIC = {
    "autovacuum_freeze_max_age",
    "autovacuum_max_workers",
    "max_connections",
    "max_locks_per_transaction",
    "max_prepared_transactions",
    "max_replication_slots",
    "max_wal_senders",
    "max_worker_processes",
    "rds.logical_replication",
    "shared_buffers",
    "shared_preload_libraries",
    "track_activity_query_size",
    "wal_buffers",
}
"""What counts after a restart only.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Reference.ParameterGroups.html"""


@corrects(RDSBackend, "modify_db_cluster_parameter_group")
def modify_db_cluster_parameter_group(
    original: Method,
    self: Any,
    db_cluster_parameter_group_name: str,
    db_cluster_parameter_group_parameters: Any,
) -> DBClusterParameterGroup:
    """moto takes any number of parameters, static ones at once, and a method without a value.
    API_ModifyDBClusterParameterGroup.html"""
    given = list(db_cluster_parameter_group_parameters)
    _refuse(given)
    group = _found(self, db_cluster_parameter_group_name)
    # AWS takes note of a method only together with another value.
    said = [each for each in given if _value(group, each) != each.get("ParameterValue")]
    return original(self, group.name, said)  # type: ignore[no-any-return]


@corrects(RDSResponse, "reset_db_cluster_parameter_group")
def reset_db_cluster_parameter_group(original: Method, self: Any) -> ActionResult:
    """moto lacks it. API_ResetDBClusterParameterGroup.html"""
    group = _found(self.backend, self.params["DBClusterParameterGroupName"])
    given = [each.original_dict() for each in self.params.get("Parameters", [])]
    everything = self.params.get("ResetAllParameters", False)
    if not everything:
        _refuse(given)
    named = [each["ParameterName"] for each in given]
    for name in [*group.parameters] if everything else named:
        group.parameters.pop(name, None)
    return ActionResult({"DBClusterParameterGroupName": group.name})


@corrects(RDSBackend, "delete_db_cluster_parameter_group")
def delete_db_cluster_parameter_group(
    original: Method, self: Any, db_cluster_parameter_group_name: str
) -> None:
    """moto deletes a group that a cluster uses. API_DeleteDBClusterParameterGroup.html"""
    name = db_cluster_parameter_group_name.lower()
    if any(each.parameter_group == name for each in self.clusters.values()):
        what = f"One or more database clusters are still members of this parameter group {name}"
        raise RDSClientError("InvalidDBParameterGroupState", what)
    original(self, db_cluster_parameter_group_name)


def refuse_unknown(backend: Any, name: str | None) -> None:
    """The refusal of a parameter group that is neither made nor AWS's own."""
    if name and not OURS.fullmatch(name) and name not in backend.db_cluster_parameter_groups:
        raise RDSClientError(
            "DBClusterParameterGroupNotFound", f"DBClusterParameterGroup not found: {name}"
        )


def _refuse(given: list[Any]) -> None:
    if not 0 < len(given) <= MOST:
        raise InvalidParameterValue(f"Between 1 and {MOST} parameters can be given.")
    for each in given:
        if each.get("ApplyMethod") not in ("immediate", "pending-reboot"):
            raise InvalidParameterValue("ApplyMethod must be immediate or pending-reboot.")
        if each["ApplyMethod"] == "immediate" and each["ParameterName"] in STATIC:
            raise InvalidParameterCombination(
                "cannot use immediate apply method for static parameter"
            )


def _found(backend: Any, name: str) -> DBClusterParameterGroup:
    if name not in backend.db_cluster_parameter_groups:
        raise DBClusterParameterGroupNotFoundError(name)
    return backend.db_cluster_parameter_groups[name]  # type: ignore[no-any-return]


def _value(group: DBClusterParameterGroup, given: Any) -> Any:
    return group.parameters.get(given["ParameterName"], {}).get("ParameterValue")
