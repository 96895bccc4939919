"""https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.handler import SET, Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Status
from resources.ecs import TAGGING

STATUS = {
    "ACTIVE": Status.READY,
    "PROVISIONING": Status.PENDING,
    "DEPROVISIONING": Status.PENDING,
    "FAILED": Status.BROKEN,
    "INACTIVE": Status.GONE,  # AWS describes deleted clusters for a while
}
INCLUDE = ["CONFIGURATIONS", "SETTINGS", "TAGS"]
PROVIDERS = "capacityProviders"
STRATEGY = "defaultCapacityProviderStrategy"


class Cluster(Handler):
    """A cluster: where services run, and how their containers are watched."""

    key = ("clusterName",)
    naming = "clusterName"
    immutable = {"clusterName"}
    lists = {
        PROVIDERS: SET,
        STRATEGY: ("capacityProvider",),
        "settings": ("name",),
    }
    outputs = {"clusterArn"}
    tagging = TAGGING
    overwrites = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        ids = {"clusters": self.listing("list_clusters", since)}
        for cluster in self.batched("describe_clusters", since, 100, ids, include=INCLUDE):
            tags = self.tagging.from_aws(cluster.get("tags"))
            yield Found(cluster["clusterArn"], cluster, tags)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        status = STATUS[found.properties["status"]]
        reason = "" if status is Status.READY else f"it is {found.properties['status']}"
        return Observed(found.id, found.properties, found.tags or {}, status, reason)

    def create(self, desired: Desired) -> str:
        tags = self.tagging.to_aws(desired.tags)
        answer = self.client.create_cluster(**desired.properties, tags=tags)
        return str(answer["cluster"]["clusterArn"])

    def update(self, change: Change) -> None:
        if changed := self.accepted("update_cluster", change.changed):
            self.client.update_cluster(cluster=change.observed.id, **changed)
        if change.touches(PROVIDERS, STRATEGY):
            # AWS wants both: what is not sent is taken away.
            both = {name: change.wanted.get(name, []) for name in (PROVIDERS, STRATEGY)}
            self.client.put_cluster_capacity_providers(cluster=change.observed.id, **both)

    def delete(self, observed: Observed) -> None:
        with missing("ClusterNotFoundException"):
            self.client.delete_cluster(cluster=observed.id)
