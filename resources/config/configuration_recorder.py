"""https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigurationRecorder.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from reconciler.handler import SET, Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties

GONE = "NoSuchConfigurationRecorderException"
GROUP, ON = "recordingGroup", "recording"
STRATEGIES = {
    "allSupported": "ALL_SUPPORTED_RESOURCE_TYPES",
    "resourceTypes": "INCLUSION_BY_RESOURCE_TYPES",
    "exclusionByResourceTypes": "EXCLUSION_BY_RESOURCE_TYPES",
}
"""What AWS calls it that a recording group says one of these."""


class ConfigurationRecorder(Handler):
    """What AWS Config records in one region, as which role, and whether it does.

    A region has one recorder of ours, whatever its name: one that is there is adopted. It needs a
    delivery channel before it records, and the channel needs it: it is made first, and started
    last. AWS may have recorders of its own beside it."""

    key = ("servicePrincipal || 'ours'",)
    naming = "name"
    overwrites = True
    immutable = {"name"}
    deferred = {ON}
    lists = {
        f"{GROUP}.resourceTypes": SET,
        f"{GROUP}.exclusionByResourceTypes.resourceTypes": SET,
        "recordingMode.recordingModeOverrides": SET,
        "recordingMode.recordingModeOverrides.resourceTypes": SET,
    }
    outputs = {"arn"}
    tagging = Tagging(id="ResourceArn", of="arn", tags="Tags", erased="TagKeys")

    def listed(self, since: float = 0) -> Iterator[Found]:
        for recorder in self.listing("describe_configuration_recorders", since):
            shown = {**recorder, GROUP: _bare(recorder.get(GROUP) or {})}
            owner = recorder.get("servicePrincipal", "")
            yield Found(recorder["name"], shown, arn=recorder["arn"], managed_by=owner)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        recorder = dict(found.properties)
        with missing(GONE, "ResourceNotFoundException"):
            if ON in mentioned:
                recorder[ON] = self._records(found.id)
            tags = self._tags(recorder["arn"]) if found.tags is None else found.tags
            return Observed(found.id, recorder, tags)
        return None

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties; AWS has three ways to say what is recorded, and shows all."""
        group = desired.get(GROUP)
        return {**desired, GROUP: _spelled(group)} if isinstance(group, Mapping) else desired

    def create(self, desired: Desired) -> str:
        tags = self.tagging.to_aws(desired.tags)
        recorder = _recorder(desired.properties)
        self.client.put_configuration_recorder(ConfigurationRecorder=recorder, Tags=tags)
        return str(desired["name"])

    def update(self, change: Change) -> None:
        recorder = {"ConfigurationRecorderName": change.observed.id}
        if change.names - {ON}:
            # Whole, since AWS forgets what is left out.
            whole = _recorder(change.wanted)
            self.client.put_configuration_recorder(ConfigurationRecorder=whole)
        if change.touches(ON) and change.wanted.get(ON):
            self.client.start_configuration_recorder(**recorder)
        elif change.touches(ON):
            self.client.stop_configuration_recorder(**recorder)

    def delete(self, observed: Observed) -> None:
        # What it has recorded stays.
        with missing(GONE):
            recorder = {"ConfigurationRecorderName": observed.id}
            self.client.stop_configuration_recorder(**recorder)
            self.client.delete_configuration_recorder(**recorder)

    def _records(self, name: str) -> bool:
        named = {"ConfigurationRecorderNames": [name]}
        answer = self.client.describe_configuration_recorder_status(**named)
        return any(each["recording"] for each in answer["ConfigurationRecordersStatus"])

    def _tags(self, arn: str) -> dict[str, str]:
        # A page holds more of them than AWS lets an object have.
        answer = self.client.list_tags_for_resource(ResourceArn=arn, Limit=100)
        return dict(self.tagging.from_aws(answer["Tags"]))


def _recorder(properties: Properties) -> dict[str, Any]:
    names = ("name", "roleARN", GROUP, "recordingMode")
    return {name: properties[name] for name in names if name in properties}


def _bare(group: Properties) -> dict[str, Any]:
    """What is recorded, without the ways that are not gone."""
    excluded = (group.get("exclusionByResourceTypes") or {}).get("resourceTypes")
    return {n: v for n, v in group.items() if n != "exclusionByResourceTypes" or excluded}


def _spelled(group: Properties) -> dict[str, Any]:
    """What is recorded, with all that AWS shows of it; as it is if it does not say which way."""
    said = next((each for name, each in STRATEGIES.items() if group.get(name)), None)
    strategy = (group.get("recordingStrategy") or {}).get("useOnly", said)
    if strategy not in STRATEGIES.values():
        return dict(group)
    others = {name: None for name, each in STRATEGIES.items() if each != strategy}
    every = strategy == STRATEGIES["allSupported"]
    bare = {} if every else {"includeGlobalResourceTypes": False}
    whole = {"allSupported": every, "recordingStrategy": {"useOnly": strategy}}
    return {**others, **bare, **group, **whole}
