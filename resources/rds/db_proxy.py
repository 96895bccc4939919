"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBProxy.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from itertools import chain
from typing import Any

from reconciler.handler import ORDER, SET, Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Tags
from resources.rds import in_state, tagging

CLUSTERS, ENDPOINTS, POOL = "DBClusterIdentifiers", "Endpoints", "ConnectionPoolConfig"
GROUP = "default"  # the one target group of a proxy: AWS makes it, and no other
NAME, GROUPS = "DBProxyEndpointName", "VpcSecurityGroupIds"
REBORN = {"EndpointNetworkType", "TargetRole", "VpcSubnetIds"}
"""What AWS cannot change of an endpoint: it goes, and another of its name comes."""


class DBProxy(Handler):
    """A proxy that pools connections to a cluster, its endpoints and its one target group."""

    key = ("DBProxyName",)
    naming = "DBProxyName"
    immutable = {
        "DBProxyName",
        "EndpointNetworkType",
        "EngineFamily",
        "TargetConnectionNetworkType",
        "VpcSubnetIds",
    }
    deferred = {CLUSTERS, ENDPOINTS}
    disruptive = {CLUSTERS, *(f"{ENDPOINTS}.{name}" for name in REBORN)}
    lists = {
        "Auth": ("SecretArn", "UserName"),
        CLUSTERS: ORDER,  # AWS takes one, so the list is whole wherever it is written
        ENDPOINTS: (NAME,),
        f"{ENDPOINTS}.{GROUPS}": SET,
        f"{ENDPOINTS}.VpcSubnetIds": SET,
        f"{POOL}.SessionPinningFilters": SET,
        GROUPS: SET,
        "VpcSubnetIds": SET,
    }
    outputs = {"DBProxyArn", "Endpoint", "VpcId"}
    tagging = tagging("DBProxyArn")
    settles_within = 1800

    def listed(self, since: float = 0) -> Iterator[Found]:
        proxies = self.listing("describe_db_proxies", since)
        endpoints = self.listing("describe_db_proxy_endpoints", since) if proxies else []
        for proxy in proxies:
            name, arn = proxy["DBProxyName"], proxy["DBProxyArn"]
            yield Found(name, {**proxy, ENDPOINTS: _of(name, endpoints)}, arn=arn)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("DBProxyNotFoundFault"):
            proxy, tags = (
                {**found.properties, **self._group(found.id, mentioned)},
                self._tags(found),
            )
            parts = proxy[ENDPOINTS] if ENDPOINTS in mentioned else []
            return in_state(Observed(found.id, proxy, tags), _states(proxy, parts))
        return None

    def create(self, desired: Desired) -> str:
        given = self.accepted("create_db_proxy", desired.properties)
        tags = self.tagging.to_aws(desired.tags)
        return str(self.client.create_db_proxy(**given, Tags=tags)["DBProxy"]["DBProxyName"])

    def update(self, change: Change) -> None:
        if changed := self._changed(change):
            # Until that has settled AWS takes nothing else: the rest differs still, and follows.
            self.client.modify_db_proxy(DBProxyName=change.observed.id, **changed)
            return
        if change.touches(POOL):
            self.client.modify_db_proxy_target_group(
                DBProxyName=change.observed.id,
                TargetGroupName=GROUP,
                ConnectionPoolConfig=change.wanted.get(POOL, {}),
            )
        self._point(change)
        self._open(change)

    def delete(self, observed: Observed) -> None:
        # Endpoints first, and the proxy once they are gone; the engine calls again until it is.
        if observed["Status"] == "deleting":
            return
        for endpoint in observed[ENDPOINTS]:
            self._close(endpoint)
        if not observed[ENDPOINTS]:
            with missing("DBProxyNotFoundFault"):
                self.client.delete_db_proxy(DBProxyName=observed.id)

    def _changed(self, change: Change) -> dict[str, Any]:
        """What a modify takes of what differs; it has a name of its own for the groups."""
        changed = self.accepted("modify_db_proxy", change.changed)
        if change.touches(GROUPS):
            changed["SecurityGroups"] = change.wanted.get(GROUPS, [])
        return changed

    def _point(self, change: Change) -> None:
        """At another cluster: AWS takes one at a time, so the old one goes first."""
        targets = change.items(CLUSTERS)
        group = {"DBProxyName": change.observed.id, "TargetGroupName": GROUP}
        if targets.removed:
            with missing("DBProxyTargetNotFoundFault"):
                self.client.deregister_db_proxy_targets(
                    **group, DBClusterIdentifiers=targets.removed
                )
        if targets.added:
            # Who registered it before us, or whose answer was lost, meant the same.
            with missing("DBProxyTargetAlreadyRegisteredFault"):
                self.client.register_db_proxy_targets(**group, DBClusterIdentifiers=targets.added)

    def _open(self, change: Change) -> None:
        """New endpoints before old ones are closed: who moves from one to another has both."""
        before, after = _named(change.observed.properties), _named(change.wanted)
        where = {each: change.wanted[each] for each in ("DBProxyName", "VpcSubnetIds")}
        for name in after.keys() - before.keys():
            self.client.create_db_proxy_endpoint(**{**where, **after[name]})
        for name in after.keys() & before.keys():
            self._adjust(before[name], after[name])
        for name in before.keys() - after.keys():
            self._close(before[name])

    def _adjust(self, before: Properties, after: Properties) -> None:
        if any(before.get(each) != after.get(each) for each in REBORN):
            self._close(before)  # once it is gone, the engine finds that it is missing
        elif before.get(GROUPS) != after.get(GROUPS):
            self.client.modify_db_proxy_endpoint(
                DBProxyEndpointName=before[NAME], VpcSecurityGroupIds=after.get(GROUPS, [])
            )

    def _close(self, endpoint: Properties) -> None:
        if endpoint["Status"] != "deleting":
            with missing("DBProxyEndpointNotFoundFault"):
                self.client.delete_db_proxy_endpoint(DBProxyEndpointName=endpoint[NAME])

    def _group(self, name: str, mentioned: Set[str]) -> dict[str, Any]:
        """What hangs on the target group: AWS tells it of one proxy a call."""
        read: dict[str, Any] = {}
        if POOL in mentioned:
            (group,) = self._pages("describe_db_proxy_target_groups", "TargetGroups", name)
            read[POOL] = group[POOL]
        if CLUSTERS in mentioned:
            # Whether it answers is for those to say who run the database: nobody waits for it.
            read[CLUSTERS] = _tracked(self._pages("describe_db_proxy_targets", "Targets", name))
        return read

    def _pages(self, operation: str, items: str, name: str) -> list[Any]:
        pages = self.client.get_paginator(operation)
        told = pages.paginate(DBProxyName=name, TargetGroupName=GROUP)
        return list(chain.from_iterable(page[items] for page in told))

    def _tags(self, found: Found) -> Tags:
        if found.tags is not None:
            return found.tags
        told = self.client.list_tags_for_resource(ResourceName=found.arn)["TagList"]
        return self.tagging.from_aws(told)


def _of(name: str, endpoints: list[Any]) -> list[Any]:
    """A proxy's endpoints but for the default one, which comes and goes with the proxy."""
    return [e for e in endpoints if e["DBProxyName"] == name and not e.get("IsDefault")]


def _named(properties: Properties) -> Mapping[str, Properties]:
    return {each[NAME]: each for each in properties.get(ENDPOINTS) or []}


def _tracked(targets: list[Any]) -> list[str]:
    """The clusters: AWS shows each beside its instances, which come and go."""
    tracked = [each for each in targets if each["Type"] == "TRACKED_CLUSTER"]
    return sorted(each["RdsResourceId"] for each in tracked)


def _states(proxy: Properties, endpoints: list[Any]) -> Mapping[str, str]:
    """The status of the proxy, and of its endpoints, by name."""
    return {
        proxy["DBProxyName"]: proxy["Status"],
        **{f"endpoint {each[NAME]}": each["Status"] for each in endpoints},
    }
