"""Parameter groups of ElastiCache, which moto lacks altogether.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheParameterGroup.html"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from moto.core.responses import ActionResult, EmptyResult, PaginatedResult
from moto.elasticache.exceptions import (
    ElastiCacheException,
    InvalidParameterValueException,
)
from moto.elasticache.responses import ElastiCacheResponse

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.elasticache_offers import FAMILIES, takes

MOST = 20


@dataclass
class ParameterGroup:
    """A group as AWS describes it; `parameters` are those that somebody has set."""

    cache_parameter_group_name: str
    cache_parameter_group_family: str
    description: str
    arn: str
    parameters: dict[str, str] = field(default_factory=dict)
    is_global: bool = False


def parameter_groups(backend: Any) -> dict[str, ParameterGroup]:
    """Every group by name, AWS's own included."""
    if "parameter_groups" not in vars(backend):
        backend.parameter_groups = {}
        for family in sorted(FAMILIES):
            described = f"Default parameter group for {family}"
            _add(backend, f"default.{family}", family, described)
    return backend.parameter_groups  # type: ignore[no-any-return]


def parameter_group(backend: Any, name: str) -> ParameterGroup:
    """The group of this name, or AWS's refusal."""
    if found := parameter_groups(backend).get(name.lower()):
        return found
    what = f"CacheParameterGroup {name} not found."
    raise ElastiCacheException("CacheParameterGroupNotFound", what)


@corrects(ElastiCacheResponse, "create_cache_parameter_group")
def create_cache_parameter_group(original: Method, self: Any) -> ActionResult:
    """moto lacks it. API_CreateCacheParameterGroup.html"""
    backend, name = self.elasticache_backend, self._get_param("CacheParameterGroupName").lower()
    family = self._get_param("CacheParameterGroupFamily")
    if name in parameter_groups(backend):
        what = f"A parameter group with the name {name} already exists."
        raise ElastiCacheException("CacheParameterGroupAlreadyExists", what)
    if family not in FAMILIES:
        raise InvalidParameterValueException(f"CacheParameterGroupFamily {family} is not a family.")
    group = _add(backend, name, family, self._get_param("Description"))
    backend.tagging_service.tag_resource(group.arn, self._get_param("Tags", []))
    return ActionResult({"CacheParameterGroup": group})


@corrects(ElastiCacheResponse, "describe_cache_parameter_groups")
def describe_cache_parameter_groups(original: Method, self: Any) -> PaginatedResult:
    """moto lacks it. API_DescribeCacheParameterGroups.html"""
    backend, name = self.elasticache_backend, self._get_param("CacheParameterGroupName")
    groups = [parameter_group(backend, name)] if name else [*parameter_groups(backend).values()]
    return PaginatedResult({"CacheParameterGroups": groups})


@corrects(ElastiCacheResponse, "describe_cache_parameters")
def describe_cache_parameters(original: Method, self: Any) -> PaginatedResult:
    """moto lacks it. We know only what somebody has set. API_DescribeCacheParameters.html"""
    group = parameter_group(self.elasticache_backend, self._get_param("CacheParameterGroupName"))
    return PaginatedResult({"Parameters": list(_described(group))})


@corrects(ElastiCacheResponse, "modify_cache_parameter_group")
def modify_cache_parameter_group(original: Method, self: Any) -> ActionResult:
    """moto lacks it. API_ModifyCacheParameterGroup.html"""
    group, given = _modifiable(self), self._get_param("ParameterNameValues", [])
    if not 0 < len(given) <= MOST:
        raise InvalidParameterValueException(f"Between 1 and {MOST} parameters can be modified.")
    for name, value in (_pair(each) for each in given):
        if not takes(name, value):
            raise InvalidParameterValueException(f"{name} cannot be set to {value}.")
        group.parameters[name] = value
    return ActionResult({"CacheParameterGroupName": group.cache_parameter_group_name})


@corrects(ElastiCacheResponse, "reset_cache_parameter_group")
def reset_cache_parameter_group(original: Method, self: Any) -> ActionResult:
    """moto lacks it. API_ResetCacheParameterGroup.html"""
    group, given = _modifiable(self), self._get_param("ParameterNameValues", [])
    if len(given) > MOST:
        raise InvalidParameterValueException(f"At most {MOST} parameters can be reset.")
    named = [_pair(each)[0] for each in given]
    for name in [*group.parameters] if self._get_bool_param("ResetAllParameters") else named:
        group.parameters.pop(name, None)
    return ActionResult({"CacheParameterGroupName": group.cache_parameter_group_name})


@corrects(ElastiCacheResponse, "delete_cache_parameter_group")
def delete_cache_parameter_group(original: Method, self: Any) -> EmptyResult:
    """moto lacks it. API_DeleteCacheParameterGroup.html"""
    group = _modifiable(self)
    if any(_users(self.elasticache_backend, group)):
        raise _not_now(f"{group.cache_parameter_group_name} is in use by a cache.")
    self.elasticache_backend.tagging_service.delete_all_tags_for_resource(group.arn)
    del self.elasticache_backend.parameter_groups[group.cache_parameter_group_name]
    return EmptyResult()


def _add(backend: Any, name: str, family: str, description: str) -> ParameterGroup:
    place = f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:parametergroup"
    group = ParameterGroup(name, family, description, f"{place}:{name}")
    backend.parameter_groups[name] = group
    return group


def _described(group: ParameterGroup) -> Iterator[dict[str, Any]]:
    for name, value in group.parameters.items():
        told = {"ParameterName": name, "ParameterValue": value, "Source": "user"}
        yield {**told, "DataType": "string", "IsModifiable": True, "ChangeType": "immediate"}


def _modifiable(response: Any) -> ParameterGroup:
    """The group that is asked for, unless it is AWS's or a cache that uses it is at work."""
    backend = response.elasticache_backend
    group = parameter_group(backend, response._get_param("CacheParameterGroupName"))
    if group.cache_parameter_group_name.startswith("default."):
        raise InvalidParameterValueException("Default parameter groups cannot be changed.")
    if any(user.status != "available" for user in _users(backend, group)):
        raise _not_now(f"A cache that uses {group.cache_parameter_group_name} is not available.")
    return group


def _users(backend: Any, group: ParameterGroup) -> Iterator[Any]:
    for cache in backend.replication_groups.values():
        if cache.cache_parameter_group_name == group.cache_parameter_group_name:
            yield cache


def _pair(given: Any) -> tuple[str, str]:
    return given["ParameterName"], given.get("ParameterValue", "")


def _not_now(why: str) -> ElastiCacheException:
    return ElastiCacheException("InvalidCacheParameterGroupState", why)
