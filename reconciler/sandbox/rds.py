"""RDS: what moto takes of clusters and instances and forgets, and what it never refuses."""

from __future__ import annotations

import re
from copy import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import (
    DBClusterNotFoundError,
    InvalidDBClusterStateFault,
    InvalidParameterCombination,
    RDSClientError,
)
from moto.rds.models import RDSBackend
from moto.rds.responses import RDSResponse

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.rds_offers import CLASSES, creatable, newest
from reconciler.sandbox.rds_parameter_groups import refuse_unknown

SHOWN = {
    "database_insights_mode": "database_insights_mode",
    "enable_iam_database_authentication": "iam_auth",
    "enable_performance_insights": "performance_insights_enabled",
    "engine_lifecycle_support": "engine_lifecycle_support",
    "monitoring_interval": "monitoring_interval",
    "monitoring_role_arn": "monitoring_role_arn",
    "performance_insights_kms_key_id": "performance_insights_kms_key_id",
    "performance_insights_retention_period": "performance_insights_retention_period",
}
"""What requests call a setting, and where moto looks when it describes it."""

SETTLED = {"starting": "available", "stopping": "stopped"}


@corrects(RDSBackend, "create_db_cluster")
def create_db_cluster(original: Method, self: Any, kwargs: Any) -> Any:
    """moto lets a second cluster take the place of the first, makes any version in any subnet or
    parameter group, names one that does not exist, and fails on I/O-optimized storage.
    API_CreateDBCluster.html"""
    name = kwargs["db_cluster_identifier"]
    if name in self.clusters:
        raise RDSClientError("DBClusterAlreadyExistsFault", "DB Cluster already exists")
    if (group := kwargs.get("db_subnet_group_name")) is not None:
        self.describe_db_subnet_groups(group)
    refuse_unknown(self, kwargs.get("db_cluster_parameter_group_name"))
    kwargs["engine_version"] = _offered(kwargs["engine"], kwargs.get("engine_version"))
    storage = kwargs.pop("storage_type", None)
    cluster = original(self, kwargs)
    if "db_cluster_parameter_group_name" not in kwargs and cluster.engine.startswith("aurora-"):
        major = _numbers(cluster.engine_version)[0]
        cluster.parameter_group = f"default.{cluster.engine}{major}"
    _show(cluster, {**kwargs, "storage_type": storage})
    return cluster


@corrects(RDSBackend, "modify_db_cluster")
def modify_db_cluster(original: Method, self: Any, kwargs: Any) -> Any:
    """moto ignores IAM authentication, log exports and Performance Insights, takes any version
    and parameter group, and starts a stopped cluster. API_ModifyDBCluster.html"""
    cluster = self.clusters.get(kwargs["db_cluster_identifier"])
    if cluster is None:
        raise DBClusterNotFoundError(kwargs["db_cluster_identifier"])
    _refuse_resting(cluster)
    refuse_unknown(self, kwargs.get("db_cluster_parameter_group_name"))
    if wanted := _offered(cluster.engine, kwargs.get("engine_version")):
        _refuse_upgrade(cluster, {**kwargs, "engine_version": wanted})
    _export(cluster, kwargs.pop("cloudwatch_logs_export_configuration", None) or {})
    answer = original(self, kwargs)
    _show(cluster, kwargs)
    for member in cluster.members:
        member.port = cluster.port
    return answer


@corrects(RDSBackend, "stop_db_cluster")
def stop_db_cluster(original: Method, self: Any, cluster_identifier: str) -> Any:
    """moto has stopped at once, and the instances run on. API_StopDBCluster.html"""
    original(self, cluster_identifier)
    for member in self.clusters[cluster_identifier].members:
        member.status = "stopped"
    return _begun(self.clusters[cluster_identifier], "stopping")


@corrects(RDSBackend, "start_db_cluster")
def start_db_cluster(original: Method, self: Any, cluster_identifier: str) -> Any:
    """moto has started at once, and so have the instances. API_StartDBCluster.html"""
    original(self, cluster_identifier)
    for member in self.clusters[cluster_identifier].members:
        member.status = "available"
    return _begun(self.clusters[cluster_identifier], "starting")


@corrects(RDSResponse, "describe_db_clusters")
def describe_db_clusters(original: Method, self: Any) -> Any:
    """moto stops and starts at once; what AWS is at work on is shown so once.
    API_DescribeDBClusters.html"""
    answer = original(self)
    shown = {key: answer.result[key] for key in answer.result}
    shown["DBClusters"] = [copy(each) for each in shown["DBClusters"]]
    for cluster in self.backend.clusters.values():
        cluster._status = SETTLED.get(cluster._status, cluster._status)
    return ActionResult(shown)


@corrects(RDSResponse, "delete_db_cluster")
def delete_db_cluster(original: Method, self: Any) -> Any:
    """moto deletes without being told what becomes of the data. API_DeleteDBCluster.html"""
    skips = self.params.get("SkipFinalSnapshot", False)
    if skips is bool(self.params.get("FinalDBSnapshotIdentifier")):
        raise InvalidParameterCombination(
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
        )
    return original(self)


@corrects(RDSBackend, "create_db_instance")
def create_db_instance(original: Method, self: Any, db_kwargs: Any) -> Any:
    """moto makes Aurora instances of any class, also in stopped clusters, and shows neither the
    subnet group nor the port of their cluster, nor Performance Insights.
    API_CreateDBInstance.html"""
    _refuse_class(db_kwargs)
    _refuse_resting(self.clusters.get(db_kwargs.get("db_cluster_identifier")))
    instance = original(self, db_kwargs)
    cluster = self.clusters.get(db_kwargs.get("db_cluster_identifier"))
    if cluster is not None:
        instance.port = cluster.port
        if cluster.db_subnet_group_name in self.subnet_groups:
            instance.db_subnet_group_name = cluster.db_subnet_group_name
    _show(instance, db_kwargs)
    return instance


@corrects(RDSBackend, "modify_db_instance")
def modify_db_instance(
    original: Method, self: Any, db_instance_identifier: str, db_kwargs: Any
) -> Any:
    """moto takes any class, changes what is stopped, and ignores Performance Insights.
    API_ModifyDBInstance.html"""
    before = self.describe_db_instances(db_instance_identifier)[0]
    if before.status == "stopped":
        what = f"Database instance is not in available state: {db_instance_identifier}"
        raise RDSClientError("InvalidDBInstanceState", what)
    _refuse_class({"engine": before.engine, **db_kwargs})
    instance = original(self, db_instance_identifier, db_kwargs)
    _show(instance, db_kwargs)
    return instance


def _refuse_resting(cluster: Any) -> None:
    if cluster is not None and cluster._status in {*SETTLED, "stopped"}:
        what = f"DbCluster {cluster.resource_id} is in {cluster._status} state"
        raise InvalidDBClusterStateFault(what)


def _begun(cluster: Any, status: str) -> Any:
    cluster.status = status
    return copy(cluster)


def _show(thing: Any, given: Any) -> None:
    for name, attribute in SHOWN.items():
        if given.get(name) is not None:
            setattr(thing, attribute, given[name])
    if "storage_type" in given and thing.engine.startswith("aurora-"):
        # Of standard storage AWS says nothing.
        thing.storage_type = None if given["storage_type"] == "aurora" else given["storage_type"]


def _export(cluster: Any, changes: Any) -> None:
    gone = changes.get("disable_log_types") or []
    logs = {*cluster.enabled_cloudwatch_logs_exports, *(changes.get("enable_log_types") or [])}
    cluster.enabled_cloudwatch_logs_exports = sorted(logs.difference(gone))


def _offered(engine: str, version: str | None) -> str | None:
    """The version that AWS makes of the one that was asked for."""
    if engine != "aurora-postgresql" or version is None:
        return version
    if not creatable(version):
        raise InvalidParameterCombination(f"Cannot find version {version} for {engine}")
    return newest(version)


def _refuse_upgrade(cluster: Any, given: Any) -> None:
    before, after = _numbers(cluster.engine_version), _numbers(given["engine_version"])
    if before[0] != after[0] and not given.get("allow_major_version_upgrade"):
        raise InvalidParameterCombination(
            "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major "
            "version."
        )
    if after < before:
        what = f"Cannot upgrade {cluster.engine} from {before} to {after}"
        raise InvalidParameterCombination(what)


def _refuse_class(given: Any) -> None:
    size = given.get("db_instance_class")
    if given.get("engine") == "aurora-postgresql" and size and size not in CLASSES:
        raise InvalidParameterCombination(
            "RDS does not support creating a DB instance with the following combination: "
            f"DBInstanceClass={size}, Engine={given['engine']}"
        )


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]
