"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBSubnetGroup.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.handler import SET, Handler, missing
from reconciler.model import Change, Desired, Found, Observed
from resources.rds import tagging


class DBSubnetGroup(Handler):
    """The subnets in which a database may live: two zones at least."""

    key = ("DBSubnetGroupName",)
    naming = "DBSubnetGroupName"
    immutable = {"DBSubnetGroupName"}
    lists = {"SubnetIds": SET}
    reads = {"SubnetIds": "Subnets[].SubnetIdentifier"}
    outputs = {"DBSubnetGroupArn", "VpcId"}
    tagging = tagging("DBSubnetGroupArn")

    def listed(self, since: float = 0) -> Iterator[Found]:
        for group in self.listing("describe_db_subnet_groups", since):
            yield Found(group["DBSubnetGroupName"], group, arn=group["DBSubnetGroupArn"])

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        if found.tags is not None:
            return Observed(found.id, found.properties, found.tags)
        with missing("DBSubnetGroupNotFoundFault"):
            tags = self.client.list_tags_for_resource(ResourceName=found.arn)["TagList"]
            return Observed(found.id, found.properties, self.tagging.from_aws(tags))
        return None

    def create(self, desired: Desired) -> str:
        tags = self.tagging.to_aws(desired.tags)
        answer = self.client.create_db_subnet_group(**desired.properties, Tags=tags)
        return str(answer["DBSubnetGroup"]["DBSubnetGroupName"])

    def update(self, change: Change) -> None:
        # AWS wants the subnets even if only the description changes.
        whole = self.accepted("modify_db_subnet_group", change.wanted)
        self.client.modify_db_subnet_group(**whole)

    def delete(self, observed: Observed) -> None:
        # AWS refuses while a cluster uses it. That is what we want.
        with missing("DBSubnetGroupNotFoundFault"):
            self.client.delete_db_subnet_group(DBSubnetGroupName=observed.id)
