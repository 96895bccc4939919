"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import UTC, datetime
from typing import Any

from reconciler.errors import Denied
from reconciler.handler import SET, Handler, missing
from reconciler.model import Change, Desired, Found, Observed, View, Within
from resources.rds import observed, tagging, together

LOGS = "EnableCloudwatchLogsExports"
STATUS, STARTED, STOPPED = "Status", "available", "stopped"
LONGEST_SNAPSHOT = 63


class DBCluster(Handler):
    """An Aurora cluster: its storage, its version and its endpoints. Instances come apart."""

    key = ("DBClusterIdentifier",)
    naming = "DBClusterIdentifier"
    immutable = {
        "DBClusterIdentifier",
        "DBSubnetGroupName",
        "DatabaseName",
        "Engine",
        "EngineMode",
        "KmsKeyId",
        "MasterUserSecretKmsKeyId",
        "MasterUsername",
        "StorageEncrypted",
    }
    disruptive = {"EngineVersion", "Port", STATUS}
    lists = {"VpcSecurityGroupIds": SET, LOGS: SET}
    reads = {
        "DBClusterParameterGroupName": "DBClusterParameterGroup",
        "DBSubnetGroupName": "DBSubnetGroup",
        LOGS: "EnabledCloudwatchLogsExports",
        "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
        "EnablePerformanceInsights": "PerformanceInsightsEnabled",
        "ManageMasterUserPassword": "MasterUserSecret.SecretArn != `null`",
        "MasterUserSecretKmsKeyId": "MasterUserSecret.KmsKeyId",
        STATUS: (  # stopped or not; what deletes and fails keeps its word
            "(Status=='stopped' || Status=='stopping') && 'stopped' || (Status=='deleting'"
            " || contains(not_null(Status, ''), 'failed')) && Status || 'available'"
        ),
        "StorageType": "StorageType || 'aurora'",  # of its own accord AWS does not say so
        "VpcSecurityGroupIds": "VpcSecurityGroups[?Status!='removing'].VpcSecurityGroupId",
    }
    outputs = {
        "DBClusterArn",
        "DbClusterResourceId",
        "Endpoint",
        "HostedZoneId",
        "MasterUserSecret",
        "ReaderEndpoint",
    }
    tagging = tagging("DBClusterArn")
    rests_after = {"rds.db_instance": (STATUS, STOPPED)}
    settles_within = 3600
    holds_data = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        for cluster in self.listing("describe_db_clusters", since):
            tags = self.tagging.from_aws(cluster.get("TagList"))
            yield Found(cluster["DBClusterIdentifier"], cluster, tags)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        return observed(self, found, mentioned, found.properties["Status"])

    def create(self, desired: Desired) -> str:
        tags = self.tagging.to_aws(desired.tags)
        # A new cluster runs; where it shall not, `update` stops it.
        given = self.accepted("create_db_cluster", desired.properties)
        answer = self.client.create_db_cluster(**given, Tags=tags)
        return str(answer["DBCluster"]["DBClusterIdentifier"])

    def update(self, change: Change) -> None:
        # AWS changes nothing of a stopped cluster, so it starts before, or stops after the rest.
        if change.touches(STATUS) and change.wanted[STATUS] == STARTED:
            self.client.start_db_cluster(DBClusterIdentifier=change.observed.id)
        elif change.names == {STATUS}:
            self.client.stop_db_cluster(DBClusterIdentifier=change.observed.id)
        elif change.observed[STATUS] == STOPPED:
            raise Denied("AWS changes nothing of a stopped cluster: start it, by Status: available")
        else:
            changed = self.accepted("modify_db_cluster", together(change))
            self._modify(change.observed, **changed, **_logs(change), **_upgrade(change))

    def delete(self, observed: Observed) -> None:
        # AWS deletes only what is not protected; the engine calls again once that has settled.
        with missing("DBClusterNotFoundFault"):
            if observed[STATUS] == "deleting":
                return
            if observed[STATUS] == STOPPED:  # AWS neither unprotects nor deletes it so
                self.client.start_db_cluster(DBClusterIdentifier=observed.id)
            elif observed["DeletionProtection"]:
                self._modify(observed, DeletionProtection=False)
            else:
                self.client.delete_db_cluster(DBClusterIdentifier=observed.id, **_last(observed))

    def within(self, desired: Desired, view: View) -> Mapping[str, Within]:
        if "EngineVersion" not in desired.properties or not _upgraded(desired, view):
            return {}
        return {"EngineVersion": Within("RDS minor upgrades", above=desired["EngineVersion"])}

    def _modify(self, observed: Observed, **changed: Any) -> None:
        # Not in the maintenance window: what we were asked for shall be true when we are done.
        self.client.modify_db_cluster(
            DBClusterIdentifier=observed.id, ApplyImmediately=True, **changed
        )


def _logs(change: Change) -> dict[str, Any]:
    logs = change.items(LOGS)
    named = {"EnableLogTypes": logs.added, "DisableLogTypes": logs.removed}
    given = {name: types for name, types in named.items() if types}
    return {"CloudwatchLogsExportConfiguration": given} if given else {}


def _upgrade(change: Change) -> dict[str, bool]:
    """Who writes another major version into the YAML means it; AWS wants to hear it twice."""
    before, after = change.observed["EngineVersion"], change.wanted["EngineVersion"]
    return {} if _major(before) == _major(after) else {"AllowMajorVersionUpgrade": True}


def _major(version: str) -> str:
    return version.partition(".")[0]


def _upgraded(desired: Desired, view: View) -> bool:
    """Whether RDS raises the minor version by itself: one instance that refuses it is enough."""
    ours = desired["DBClusterIdentifier"]
    instances = view("rds.db_instance")
    members = [each for each in instances if each.get("DBClusterIdentifier") == ours]
    switches = [each.get("AutoMinorVersionUpgrade") for each in (desired.properties, *members)]
    return False not in switches


def _last(observed: Observed) -> dict[str, Any]:
    """What becomes of the data. Of a cluster that failed, AWS takes no snapshot."""
    if "failed" in observed[STATUS]:
        return {"SkipFinalSnapshot": True}
    # A name that is taken is refused, so it tells when.
    when = f"-final-{datetime.now(UTC):%Y%m%d%H%M%S}"
    return {"FinalDBSnapshotIdentifier": observed.id[: LONGEST_SNAPSHOT - len(when)] + when}
