"""https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import ORDER, SET, Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties

BASIC, ADVANCED, INSIGHTS = "EventSelectors", "AdvancedEventSelectors", "InsightSelectors"
SELECTORS = {BASIC, ADVANCED}
OTHERS = {"IsLogging", INSIGHTS, *SELECTORS}  # which are written by calls of their own
NONE = [{"ReadWriteType": "All", "IncludeManagementEvents": True}]
"""The event selector that AWS shows of a trail that was given none."""


class Trail(Handler):
    """A trail: which calls of the account it records, where to, and whether it does."""

    key = ("Name",)
    naming = "Name"
    immutable = {"Name"}
    lists = {
        BASIC: ORDER,
        f"{BASIC}.DataResources": ("Type",),
        f"{BASIC}.DataResources.Values": SET,
        f"{BASIC}.ExcludeManagementEventSources": SET,
        ADVANCED: ("Name",),
        f"{ADVANCED}.FieldSelectors": ("Field",),
        f"{ADVANCED}.FieldSelectors.Equals": SET,
        f"{ADVANCED}.FieldSelectors.StartsWith": SET,
        f"{ADVANCED}.FieldSelectors.EndsWith": SET,
        f"{ADVANCED}.FieldSelectors.NotEquals": SET,
        f"{ADVANCED}.FieldSelectors.NotStartsWith": SET,
        f"{ADVANCED}.FieldSelectors.NotEndsWith": SET,
        INSIGHTS: ("InsightType",),
        f"{INSIGHTS}.EventCategories": SET,
    }
    reads = {
        "EnableLogFileValidation": "LogFileValidationEnabled",
        "SnsTopicName": "SnsTopicARN || SnsTopicName",
    }
    outputs = {"TrailARN"}
    tagging = Tagging(
        "add_tags", "remove_tags", id="ResourceId", tags="TagsList", erased="TagsList", wrapped=True
    )

    def listed(self, since: float = 0) -> Iterator[Found]:
        # A trail of all regions is seen from each; it is changed from its home only.
        for trail in self.listing("describe_trails", since, includeShadowTrails=False):
            yield Found(trail["TrailARN"], trail, arn=trail["TrailARN"])

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("TrailNotFoundException", "ResourceNotFoundException"):
            trail = dict(found.properties)
            if "IsLogging" in mentioned:
                trail["IsLogging"] = self.client.get_trail_status(Name=found.id)["IsLogging"]
            if SELECTORS & mentioned:
                answer = self.client.get_event_selectors(TrailName=found.id)
                trail |= {name: answer.get(name, []) for name in SELECTORS}
            if INSIGHTS in mentioned:
                trail[INSIGHTS] = self._insights(found.id)
            tags = self._tags(found.id) if found.tags is None else found.tags
            return Observed(found.id, trail, tags)
        return None

    def spelled(self, desired: Properties) -> Properties:
        """With its topic named by ARN, and no selectors as the one that AWS shows then."""
        spelled = dict(desired)
        topic = spelled.get("SnsTopicName")
        if isinstance(topic, str) and not topic.startswith("arn:"):
            partition = self.client.meta.partition
            spelled["SnsTopicName"] = f"arn:{partition}:sns:{self.home}:{self.aws.account}:{topic}"
        if BASIC in spelled and not spelled[BASIC] and not spelled.get(ADVANCED):
            spelled[BASIC] = NONE
        return spelled

    def create(self, desired: Desired) -> str:
        trail = self.accepted("create_trail", desired.properties)
        tags = self.tagging.to_aws(desired.tags)
        return str(self.client.create_trail(**trail, TagsList=tags)["TrailARN"])

    def update(self, change: Change) -> None:
        trail = change.observed.id
        if settings := change.names - OTHERS:
            # Text is taken away by sending it empty.
            whole = {**dict.fromkeys(settings, ""), **change.wanted, "Name": trail}
            self.client.update_trail(**self.accepted("update_trail", whole))
        if change.touches(*SELECTORS):
            self._select(change)
        if change.touches(INSIGHTS):
            insights = change.wanted.get(INSIGHTS, [])
            self.client.put_insight_selectors(TrailName=trail, InsightSelectors=insights)
        if change.touches("IsLogging") and change.wanted.get("IsLogging"):
            self.client.start_logging(Name=trail)
        elif change.touches("IsLogging"):
            self.client.stop_logging(Name=trail)

    def delete(self, observed: Observed) -> None:
        # What it has recorded stays in its bucket.
        with missing("TrailNotFoundException"):
            self.client.delete_trail(Name=observed.id)

    def _select(self, change: Change) -> None:
        # Of the two kinds a trail has one: what is put takes the place of the other.
        changed = change.changed
        put = {name: changed[name] for name in sorted(SELECTORS) if changed.get(name)}
        self.client.put_event_selectors(TrailName=change.observed.id, **put or {BASIC: NONE})

    def _insights(self, trail: str) -> list[Any]:
        with missing("InsightNotEnabledException"):
            answer = self.client.get_insight_selectors(TrailName=trail)
            return list(answer.get(INSIGHTS, []))
        return []

    def _tags(self, trail: str) -> dict[str, str]:
        (answer,) = self.client.list_tags(ResourceIdList=[trail])["ResourceTagList"]
        return dict(self.tagging.from_aws(answer["TagsList"]))
