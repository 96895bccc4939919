"""Tags of ElastiCache: of what moto has not, and of what AWS is at work on."""

from __future__ import annotations

from typing import Any

from moto.elasticache.models import ElastiCacheBackend

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.elasticache_parameter_groups import parameter_group
from reconciler.sandbox.elasticache_rules import resting

GROUP, PARAMETERS, SUBNETS = ":replicationgroup:", ":parametergroup:", ":subnetgroup:"


@corrects(ElastiCacheBackend, "list_tags_for_resource")
def list_tags_for_resource(original: Method, self: Any, arn: str) -> Any:
    """moto knows no parameter groups, and shows tags of what it is at work on, or has not.
    API_ListTagsForResource.html"""
    _refuse_busy(self, arn)
    if PARAMETERS in arn:
        return self.tagging_service.list_tags_for_resource(arn)
    return original(self, arn)


@corrects(ElastiCacheBackend, "add_tags_to_resource")
def add_tags_to_resource(original: Method, self: Any, arn: str, tags: Any) -> None:
    """moto takes tags at any time; AWS is at work while it writes them to all nodes.
    API_AddTagsToResource.html"""
    _refuse_busy(self, arn)
    original(self, arn, tags)
    _set_to_work(self, arn)


@corrects(ElastiCacheBackend, "remove_tags_from_resource")
def remove_tags_from_resource(original: Method, self: Any, arn: str, tags: Any) -> None:
    """moto takes tags at any time; AWS is at work while it takes them from all nodes.
    API_RemoveTagsFromResource.html"""
    _refuse_busy(self, arn)
    original(self, arn, tags)
    _set_to_work(self, arn)


def _refuse_busy(backend: Any, arn: str) -> None:
    """What cannot be tagged now, or is not there."""
    name = arn.rpartition(":")[2]
    if PARAMETERS in arn:
        parameter_group(backend, name)
    if SUBNETS in arn:
        backend.describe_cache_subnet_groups(name)
    if GROUP in arn:
        resting(backend, name)


def _set_to_work(backend: Any, arn: str) -> None:
    if GROUP in arn:
        backend.replication_groups[arn.rpartition(":")[2]].status = "modifying"
