"""https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheSubnetGroup.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.handler import SET, Handler, missing
from reconciler.model import Change, Desired, Found, Observed
from resources.elasticache import TAGGING, tags


class CacheSubnetGroup(Handler):
    """The subnets in which a cache may live."""

    key = ("CacheSubnetGroupName",)
    naming = "CacheSubnetGroupName"
    immutable = {"CacheSubnetGroupName"}
    lists = {"SubnetIds": SET}
    reads = {"SubnetIds": "Subnets[].SubnetIdentifier"}
    outputs = {"ARN", "VpcId"}
    tagging = TAGGING

    def listed(self, since: float = 0) -> Iterator[Found]:
        for group in self.listing("describe_cache_subnet_groups", since):
            yield Found(group["CacheSubnetGroupName"], group, arn=group["ARN"])

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("CacheSubnetGroupNotFoundFault"):
            return Observed(found.id, found.properties, tags(self, found))
        return None

    def create(self, desired: Desired) -> str:
        written = self.tagging.to_aws(desired.tags)
        answer = self.client.create_cache_subnet_group(**desired.properties, Tags=written)
        return str(answer["CacheSubnetGroup"]["CacheSubnetGroupName"])

    def update(self, change: Change) -> None:
        whole = self.accepted("modify_cache_subnet_group", change.wanted)
        self.client.modify_cache_subnet_group(**whole)

    def delete(self, observed: Observed) -> None:
        # AWS refuses while a cache lives in it. That is what we want.
        with missing("CacheSubnetGroupNotFoundFault"):
            self.client.delete_cache_subnet_group(CacheSubnetGroupName=observed.id)
