"""CloudTrail: what moto never refuses, forgets of selectors, and shows where AWS shows nothing."""

from __future__ import annotations

from typing import Any

from moto.cloudtrail.exceptions import TrailNotFoundException
from moto.cloudtrail.models import CloudTrailBackend, Trail

from reconciler.sandbox.cloudtrail_buckets import Refused, refuse_bucket
from reconciler.sandbox.corrections import Method, corrects

DEFAULT = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


@corrects(CloudTrailBackend, "create_trail")
def create_trail(
    original: Method, self: Any, name: str, bucket: str, prefix: Any, topic: Any, *rest: Any
) -> Any:
    """moto overwrites a trail of that name, and takes a bucket that CloudTrail may not write to,
    but no topic by its ARN. API_CreateTrail.html"""
    if name in self.trails:
        what = f"Trail {name} already exists for customer: {self.account_id}"
        raise Refused("TrailAlreadyExistsException", what)
    refuse_bucket(self, name, bucket, prefix)
    return original(self, name, bucket, prefix, _named(topic), *rest)


@corrects(CloudTrailBackend, "update_trail")
def update_trail(original: Method, self: Any, name: str, **given: Any) -> Any:
    """moto takes a bucket that CloudTrail may not write to, but no topic by its ARN.
    API_UpdateTrail.html"""
    trail = self.get_trail(name)
    bucket = given["s3_bucket_name"] or trail.bucket_name
    prefix = trail.s3_key_prefix if given["s3_key_prefix"] is None else given["s3_key_prefix"]
    refuse_bucket(self, trail.trail_name, bucket, prefix)
    return original(self, name, **{**given, "sns_topic_name": _named(given["sns_topic_name"])})


@corrects(CloudTrailBackend, "delete_trail")
def delete_trail(original: Method, self: Any, name: str) -> None:
    """moto leaves a trail that is named by its ARN, and says nothing where there is none.
    API_DeleteTrail.html"""
    original(self, self.get_trail(name).trail_name)


@corrects(CloudTrailBackend, "list_tags")
def list_tags(original: Method, self: Any, resource_id_list: list[str]) -> Any:
    """moto answers for trails that there are not. API_ListTags.html"""
    known = {trail.arn for trail in self.describe_trails(True)}
    if strange := [each for each in resource_id_list if each not in known]:
        raise Refused("ResourceNotFoundException", f"{strange[0]} does not exist")
    return original(self, resource_id_list)


@corrects(Trail, "description")
def description(original: Method, self: Any, include_region: bool = False) -> dict[str, Any]:
    """moto shows text that was taken away, and denies that there are selectors. API_Trail.html"""
    shown = {name: each for name, each in original(self, include_region).items() if each != ""}
    if include_region:
        custom = self.advanced_event_selectors or self.event_selectors not in ([], [DEFAULT])
        shown["HasCustomEventSelectors"] = bool(custom)
        shown["HasInsightSelectors"] = bool(self.insight_selectors)
    return shown


@corrects(Trail, "put_event_selectors")
def put_event_selectors(original: Method, self: Any, basic: Any, advanced: Any) -> None:
    """moto keeps advanced selectors beside basic ones. API_PutEventSelectors.html"""
    self.event_selectors = [{**DEFAULT, **each} for each in basic or []]
    self.advanced_event_selectors = advanced or []


@corrects(Trail, "get_event_selectors")
def get_event_selectors(original: Method, self: Any) -> tuple[Any, Any]:
    """moto shows nothing where AWS shows what a trail records by default.
    API_GetEventSelectors.html"""
    basic, advanced = original(self)
    return basic or ([] if advanced else [DEFAULT]), advanced


@corrects(Trail, "put_insight_selectors")
def put_insight_selectors(original: Method, self: Any, insight_selectors: Any) -> None:
    """moto adds to those that there are. API_PutInsightSelectors.html"""
    self.insight_selectors = list(insight_selectors)


@corrects(Trail, "get_insight_selectors")
def get_insight_selectors(original: Method, self: Any) -> Any:
    """moto answers where AWS says that there are none. API_GetInsightSelectors.html"""
    if not self.insight_selectors:
        what = f"Trail {self.arn} does not have Insights enabled."
        raise Refused("InsightNotEnabledException", what)
    return original(self)


@corrects(CloudTrailBackend, "get_trail")
def get_trail(original: Method, self: Any, name_or_arn: str) -> Any:
    """moto does not know a trail of all regions away from its home. API_GetTrail.html"""
    try:
        return original(self, name_or_arn)
    except TrailNotFoundException:
        seen = self.describe_trails(include_shadow_trails=True)
        shadow = next((trail for trail in seen if trail.arn == name_or_arn), None)
        if shadow is None:
            raise
        return shadow


def _named(topic: str | None) -> str | None:
    return topic.rpartition(":")[2] if topic else topic
