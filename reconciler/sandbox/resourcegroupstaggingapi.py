"""The tagging API: moto leaves out many types, and shows some in every region."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from moto.applicationautoscaling.models import applicationautoscaling_backends
from moto.codepipeline.models import codepipeline_backends
from moto.config.models import config_backends
from moto.core.base_backend import BackendDict
from moto.core.resource_tagging import TaggedResource, make_tag_matcher, match_resource_type
from moto.rds.models import rds_backends
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend
from moto.s3.models import s3_backends
from moto.utilities.tagging_service import TaggingService

from reconciler.sandbox.corrections import Method, corrects

GLOBAL = "us-east-1"
NEVER = "iam:user"  # which AWS does not show here


@corrects(ResourceGroupsTaggingAPIBackend, "_get_resources_generator")
def all_tagged(
    original: Method,
    self: Any,
    tag_filters: list[dict[str, Any]] | None = None,
    resource_type_filters: list[str] | None = None,
    resource_arn_list: list[str] | None = None,
) -> Iterator[TaggedResource]:
    """Moto shows few services' objects, and those without a region in every region.

    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html"""
    seen = set()
    for resource in original(self, tag_filters, resource_type_filters, resource_arn_list):
        seen.add(resource.arn)
        if _home(resource.arn) == self.region_name:
            yield resource
    has_tags = make_tag_matcher(tag_filters)
    for resource in _others(self.account_id):
        wanted = not resource_arn_list or resource.arn in resource_arn_list
        kind = match_resource_type(resource.resource_type, resource_type_filters)
        here = _home(resource.arn) == self.region_name and resource.arn not in seen
        if wanted and kind and here and has_tags(resource.tags):
            yield resource


def _others(account: str) -> Iterator[TaggedResource]:
    """What any service of moto keeps tags for, by ARN."""
    for arn, own in _at_hand(account):
        yield TaggedResource(arn, own, _type(arn))
    for service in list(BackendDict._instances):  # type: ignore[misc]
        backends = list(service[account].values()) if account in service else []
        for tagger in (each for backend in backends for each in vars(backend).values()):
            tagged = tagger.tags if isinstance(tagger, TaggingService) else {}
            for arn, tags in list(tagged.items()):
                if arn.startswith("arn:") and tags and _type(arn) != NEVER:
                    told = {name: value or "" for name, value in tags.items()}
                    yield TaggedResource(arn, told, _type(arn))


def _at_hand(account: str) -> Iterator[tuple[str, dict[str, str]]]:
    """What keeps its tags itself."""
    for pipelines in codepipeline_backends[account].values():
        yield from ((each._arn, each.tags) for each in pipelines.pipelines.values())
    for databases in rds_backends[account].values():
        for group in databases.subnet_groups.values():
            yield group.arn, {each["Key"]: each["Value"] for each in group.tags}
    for scaling in applicationautoscaling_backends[account].values():
        targets = chain.from_iterable(below.values() for below in scaling.targets.values())
        yield from ((each.arn, vars(each).get("tags", {})) for each in targets)
    for config in config_backends[account].values():
        yield from ((each.arn, each.tags) for each in vars(config)["recorders"].values())


def _type(arn: str) -> str:
    service, rest = arn.split(":", 5)[2::3]
    return f"{service}:{re.split('[:/]', rest)[0]}"


def _home(arn: str) -> str:
    """The region that shows an object. The ARN of a bucket does not say, those of IAM need not."""
    service, region, _, rest = arn.split(":", 5)[2:]
    if service != "s3":
        return region or GLOBAL
    partition, owner = s3_backends.bucket_accounts.get(rest, ("aws", ""))
    return s3_backends[owner][partition].buckets[rest].region_name if owner else GLOBAL
