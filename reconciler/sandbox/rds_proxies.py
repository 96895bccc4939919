"""RDS Proxy: what moto takes of proxies and forgets, what it never refuses, and how it is done
at once where AWS takes minutes."""

from __future__ import annotations

from copy import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import (
    DBClusterNotFoundError,
    DBProxyNotFoundFault,
    InvalidDBClusterStateFault,
    RDSClientError,
)
from moto.rds.models import DBProxy, DBProxyTargetGroup, RDSBackend
from moto.rds.responses import RDSResponse

from reconciler.sandbox.corrections import Method, corrects

FILLED = {
    "auth_scheme": "SECRETS",
    "client_password_auth_type": "POSTGRES_SCRAM_SHA_256",
    "iam_auth": "DISABLED",
}
"""What AWS says of a secret of which nobody said it."""

FORGOTTEN = {
    "DefaultAuthScheme": ("default_auth_scheme", "NONE"),
    "EndpointNetworkType": ("endpoint_network_type", "IPV4"),
    "TargetConnectionNetworkType": ("target_connection_network_type", "IPV4"),
}
CHANGED = {
    "DebugLogging": "debug_logging",
    "DefaultAuthScheme": "default_auth_scheme",
    "IdleClientTimeout": "idle_client_timeout",
    "RequireTLS": "require_tls",
    "RoleArn": "role_arn",
    "SecurityGroups": "vpc_security_group_ids",
}
"""What requests call a setting, and where moto keeps it."""


@corrects(RDSResponse, "create_db_proxy")
def create_db_proxy(original: Method, self: Any) -> ActionResult:
    """moto fails without Auth, forgets how the proxy logs in and which addresses it has, and is
    done at once. API_CreateDBProxy.html"""
    self.params.setdefault("Auth", [])
    original(self)
    proxy = self.backend.db_proxies[self.params["DBProxyName"]]
    proxy.auth = _filled(proxy.auth)
    for name, (attribute, otherwise) in FORGOTTEN.items():
        setattr(proxy, attribute, self.params.get(name, otherwise))
    proxy.status = "creating"
    return ActionResult({"DBProxy": copy(proxy)})


@corrects(RDSResponse, "modify_db_proxy")
def modify_db_proxy(_: Method, self: Any) -> ActionResult:
    """moto lacks it. API_ModifyDBProxy.html"""
    proxy = resting(self.backend, self.params["DBProxyName"])
    for name, attribute in CHANGED.items():
        if name in self.params:
            setattr(proxy, attribute, self.params[name])
    if "Auth" in self.params:
        proxy.auth = _filled(self.params["Auth"])
    proxy.status = "modifying"
    return ActionResult({"DBProxy": copy(proxy)})


@corrects(RDSBackend, "describe_db_proxies")
def describe_db_proxies(original: Method, self: Any, *which: Any, **named: Any) -> list[DBProxy]:
    """moto is done at once; what AWS is at work on is shown so once. API_DescribeDBProxies.html"""
    found = original(self, *which, **named)
    shown = [copy(proxy) for proxy in found]
    for proxy in found:
        proxy.status = "available"
    return shown


@corrects(RDSBackend, "delete_db_proxy")
def delete_db_proxy(original: Method, self: Any, proxy_name: str) -> DBProxy:
    """moto fails where there is none. API_DeleteDBProxy.html"""
    resting(self, proxy_name)
    proxy: DBProxy = original(self, proxy_name)
    proxy.status = "deleting"
    return proxy


@corrects(RDSBackend, "describe_db_proxy_target_groups")
def describe_db_proxy_target_groups(original: Method, self: Any, proxy_name: str) -> Any:
    """moto fails where there is no such proxy. API_DescribeDBProxyTargetGroups.html"""
    there(self, proxy_name)
    return original(self, proxy_name)


@corrects(RDSBackend, "modify_db_proxy_target_group")
def modify_db_proxy_target_group(
    original: Method, self: Any, proxy_name: str, config: dict[str, Any]
) -> DBProxyTargetGroup:
    """moto drops InitQuery, takes no 0 for idle connections, and settings at any time.
    API_ModifyDBProxyTargetGroup.html"""
    resting(self, proxy_name)
    group: DBProxyTargetGroup = original(self, proxy_name, config)
    if "MaxIdleConnectionsPercent" in config:
        group.max_idle_connections = config["MaxIdleConnectionsPercent"]
    if group.max_idle_connections > group.max_connections:
        raise RDSClientError(
            "InvalidParameterValue",
            "MaxIdleConnectionsPercent can't be greater than MaxConnectionsPercent.",
        )
    group.__dict__["init_query"] = config.get("InitQuery", getattr(group, "init_query", ""))
    return group


@corrects(DBProxyTargetGroup, "connection_pool_config")
def connection_pool_config(original: Method, self: Any) -> dict[str, Any]:
    """moto drops InitQuery. API_ConnectionPoolConfigurationInfo.html"""
    query = getattr(self, "init_query", "")
    return {**original(self), **({"InitQuery": query} if query else {})}


@corrects(RDSBackend, "describe_db_proxy_targets")
def describe_db_proxy_targets(original: Method, self: Any, proxy_name: str) -> Any:
    """moto fails where there is no such proxy. API_DescribeDBProxyTargets.html"""
    there(self, proxy_name)
    return original(self, proxy_name)


@corrects(RDSBackend, "register_db_proxy_targets")
def register_db_proxy_targets(
    original: Method, self: Any, db_proxy_name: str, *which: Any, **named: Any
) -> Any:
    """moto registers twice, and fails where there is no such proxy or cluster, or the cluster
    cannot be used yet. API_RegisterDBProxyTargets.html"""
    group = resting(self, db_proxy_name).proxy_target_groups["default"]
    known = {each.rds_resource_id for each in group.targets}
    for name in named.get("db_cluster_identifiers") or []:
        if name in known:
            raise RDSClientError(
                "DBProxyTargetAlreadyRegisteredFault",
                f"The proxy is already associated with the DB cluster {name}.",
            )
        cluster = self.clusters.get(name)
        if cluster is None:
            raise DBClusterNotFoundError(name)
        if cluster._status != "available":
            raise InvalidDBClusterStateFault(f"DB cluster {name} is {cluster._status}.")
    return original(self, db_proxy_name, *which, **named)


@corrects(RDSBackend, "deregister_db_proxy_targets")
def deregister_db_proxy_targets(
    original: Method, self: Any, db_proxy_name: str, *which: Any, **named: Any
) -> Any:
    """moto says nothing where there is no such target. API_DeregisterDBProxyTargets.html"""
    group = resting(self, db_proxy_name).proxy_target_groups["default"]
    known = {each.rds_resource_id for each in group.targets}
    if gone := sorted({*(named.get("db_cluster_identifiers") or [])} - known):
        raise RDSClientError(
            "DBProxyTargetNotFoundFault", f"The proxy has no target {', '.join(gone)}."
        )
    return original(self, db_proxy_name, *which, **named)


def there(backend: Any, name: str) -> DBProxy:
    """A proxy, or AWS's refusal where there is none."""
    if name not in backend.db_proxies:
        raise DBProxyNotFoundFault(name)
    proxy: DBProxy = backend.db_proxies[name]
    return proxy


def resting(backend: Any, name: str) -> DBProxy:
    """The same, or AWS's refusal while it is at work on it."""
    proxy = there(backend, name)
    if proxy.status != "available":
        raise RDSClientError(
            "InvalidDBProxyStateFault", f"DB proxy {name} is in {proxy.status} state."
        )
    return proxy


def _filled(auth: Any) -> list[dict[str, Any]]:
    return [{**FILLED, **each} for each in auth]
