"""Subnet groups of ElastiCache: what moto lets pass, and the operations that it lacks."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import ec2_backends
from moto.elasticache.exceptions import ElastiCacheException, InvalidSubnet
from moto.elasticache.models import CacheSubnetGroup, ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from reconciler.sandbox.corrections import Method, corrects


@corrects(ElastiCacheBackend, "create_cache_subnet_group")
def create_cache_subnet_group(
    original: Method,
    self: Any,
    cache_subnet_group_name: str,
    cache_subnet_group_description: str,
    subnet_ids: list[str],
    tags: Any,
) -> CacheSubnetGroup:
    """moto keeps capitals, makes groups of subnets that do not exist, and hides the zones of
    others. API_CreateCacheSubnetGroup.html"""
    _refuse_unknown(self, subnet_ids)
    name, told = cache_subnet_group_name.lower(), cache_subnet_group_description
    group: CacheSubnetGroup = original(self, name, told, subnet_ids, tags)
    _name_zones(group)
    return group


@corrects(ElastiCacheResponse, "modify_cache_subnet_group")
def modify_cache_subnet_group(original: Method, self: Any) -> ActionResult:
    """moto lacks it. API_ModifyCacheSubnetGroup.html"""
    backend, name = self.elasticache_backend, self._get_param("CacheSubnetGroupName")
    (before,) = backend.describe_cache_subnet_groups(name)
    ids = self._get_param("SubnetIds") or before.subnet_ids
    _refuse_unknown(backend, ids)
    told = self._get_param("CacheSubnetGroupDescription")
    description = before.cache_subnet_group_description if told is None else told
    place = (backend.account_id, backend.region_name)
    group = CacheSubnetGroup(*place, before.cache_subnet_group_name, description, ids, None)
    _name_zones(group)
    backend.cache_subnet_groups[before.cache_subnet_group_name] = group
    return ActionResult({"CacheSubnetGroup": group})


@corrects(ElastiCacheResponse, "delete_cache_subnet_group")
def delete_cache_subnet_group(original: Method, self: Any) -> EmptyResult:
    """moto lacks it. API_DeleteCacheSubnetGroup.html"""
    backend, name = self.elasticache_backend, self._get_param("CacheSubnetGroupName")
    (group,) = backend.describe_cache_subnet_groups(name)
    caches = [*backend.replication_groups.values(), *backend.cache_clusters.values()]
    if any(each.cache_subnet_group_name == name for each in caches):
        what = f"Cache subnet group {name} is currently in use by a cache cluster."
        raise ElastiCacheException("CacheSubnetGroupInUse", what)
    backend.tagging_service.delete_all_tags_for_resource(group.arn)
    del backend.cache_subnet_groups[name]
    return EmptyResult()


def _refuse_unknown(backend: Any, ids: list[str]) -> None:
    known = ec2_backends[backend.account_id][backend.region_name].describe_subnets()
    for unknown in sorted({*ids} - {each.id for each in known}):
        raise InvalidSubnet(unknown)


def _name_zones(group: CacheSubnetGroup) -> None:
    for subnet in group.subnets:
        zone = subnet["subnet_availability_zone"]
        subnet["subnet_availability_zone"] = {"Name": zone}
