"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.errors import Denied
from reconciler.handler import Handler, missing
from reconciler.model import Change, Desired, Found, Observed
from resources.rds import observed, tagging, together

AUTOSCALED, SCALES = "application-autoscaling-", "application-autoscaling:resourceId"
"""How the names of readers begin that autoscaling made, and a tag that it gives them.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Integrating.AutoScaling.html"""


class DBInstance(Handler):
    """An instance of an Aurora cluster. Which one writes is for AWS to say: it fails over."""

    key = ("DBInstanceIdentifier",)
    naming = "DBInstanceIdentifier"
    immutable = {
        "AvailabilityZone",
        "DBClusterIdentifier",
        "DBInstanceIdentifier",
        "DBSubnetGroupName",
        "Engine",
    }
    disruptive = {"DBInstanceClass"}
    reads = {
        "DBParameterGroupName": "DBParameterGroups[0].DBParameterGroupName",
        "DBSubnetGroupName": "DBSubnetGroup.DBSubnetGroupName",
        "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    }
    outputs = {"DBInstanceArn", "DbiResourceId", "Endpoint"}
    tagging = tagging("DBInstanceArn")
    settles_within = 3600

    def listed(self, since: float = 0) -> Iterator[Found]:
        for instance in self.listing("describe_db_instances", since):
            name = instance["DBInstanceIdentifier"]
            tags = self.tagging.from_aws(instance.get("TagList"))
            if name.startswith(AUTOSCALED) or SCALES in tags:
                # Somebody may have copied our tags to it from the writer: it is not ours for that.
                yield Found(name, instance, {}, managed_by="Application Auto Scaling")
            else:
                yield Found(name, instance, tags)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        return observed(self, found, mentioned, found.properties["DBInstanceStatus"])

    def create(self, desired: Desired) -> str:
        tags = self.tagging.to_aws(desired.tags)
        answer = self.client.create_db_instance(**desired.properties, Tags=tags)
        return str(answer["DBInstance"]["DBInstanceIdentifier"])

    def update(self, change: Change) -> None:
        if change.observed["DBInstanceStatus"] == "stopped":
            raise Denied("its cluster is stopped: start that, by Status: available")
        # Not in the maintenance window: what we were asked for shall be true when we are done.
        changed = self.accepted("modify_db_instance", together(change))
        self.client.modify_db_instance(
            DBInstanceIdentifier=change.observed.id, ApplyImmediately=True, **changed
        )

    def delete(self, observed: Observed) -> None:
        # The data is the cluster's, so AWS takes no final snapshot of its instances.
        with missing("DBInstanceNotFound"):
            if observed["DBInstanceStatus"] != "deleting":
                self.client.delete_db_instance(DBInstanceIdentifier=observed.id)
