"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBClusterParameterGroup.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import Handler, missing, portions
from reconciler.model import Change, Desired, Found, Observed
from resources.rds import tagging

PARAMETERS = "Parameters"
MOST = 20  # parameters in one request


class DBClusterParameterGroup(Handler):
    """Settings of the engine that clusters of one family use; all others are as by default."""

    key = ("DBClusterParameterGroupName",)
    naming = "DBClusterParameterGroupName"
    immutable = {"DBClusterParameterGroupName", "DBParameterGroupFamily", "Description"}
    lists = {PARAMETERS: ("ParameterName",)}
    outputs = {"DBClusterParameterGroupArn"}
    tagging = tagging("DBClusterParameterGroupArn")

    def listed(self, since: float = 0) -> Iterator[Found]:
        for group in self.listing("describe_db_cluster_parameter_groups", since):
            name = group["DBClusterParameterGroupName"]
            owner = "RDS" if name.startswith("default.") else ""
            arn = group["DBClusterParameterGroupArn"]
            yield Found(name, group, arn=arn, managed_by=owner)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("DBParameterGroupNotFound"):
            read = {PARAMETERS: self._parameters(found.id)} if PARAMETERS in mentioned else {}
            tags = self._tags(found.arn) if found.tags is None else found.tags
            return Observed(found.id, {**found.properties, **read}, tags)
        return None

    def create(self, desired: Desired) -> str:
        # AWS takes no parameters here; they differ then, so `update` writes them.
        given = self.accepted("create_db_cluster_parameter_group", desired.properties)
        tags = self.tagging.to_aws(desired.tags)
        answer = self.client.create_db_cluster_parameter_group(**given, Tags=tags)
        return str(answer["DBClusterParameterGroup"]["DBClusterParameterGroupName"])

    def update(self, change: Change) -> None:
        parameters, name = change.items(PARAMETERS), change.observed.id
        for some in portions(_written(parameters.added), MOST):
            self.client.modify_db_cluster_parameter_group(
                DBClusterParameterGroupName=name, Parameters=some
            )
        set_anew = {each["ParameterName"] for each in parameters.added}
        gone = [each for each in parameters.removed if each["ParameterName"] not in set_anew]
        for some in portions(_written(gone), MOST):
            self.client.reset_db_cluster_parameter_group(
                DBClusterParameterGroupName=name, Parameters=some
            )

    def delete(self, observed: Observed) -> None:
        # AWS refuses while a cluster uses it. That is what we want.
        with missing("DBParameterGroupNotFound"):
            self.client.delete_db_cluster_parameter_group(DBClusterParameterGroupName=observed.id)

    def _tags(self, arn: str) -> Any:
        told = self.client.list_tags_for_resource(ResourceName=arn)["TagList"]
        return self.tagging.from_aws(told)

    def _parameters(self, name: str) -> list[dict[str, Any]]:
        """Those that somebody has set: AWS marks them as the user's."""
        pages = self.client.get_paginator("describe_db_cluster_parameters")
        told = pages.paginate(DBClusterParameterGroupName=name, Source="user")
        fields = ("ParameterName", "ParameterValue", "ApplyMethod")
        found = [each for page in told for each in page[PARAMETERS]]
        return [{field: each[field] for field in fields if field in each} for each in found]


def _written(parameters: list[Any]) -> list[Any]:
    # What no restart has to wait for may wait for one: AWS takes that of every parameter.
    return [{"ApplyMethod": "pending-reboot", **each} for each in parameters]
