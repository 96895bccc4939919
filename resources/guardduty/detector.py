"""https://docs.aws.amazon.com/guardduty/latest/APIReference/API_GetDetector.html"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties

FEATURES, MORE = "Features", "AdditionalConfiguration"


class Detector(Handler):
    """GuardDuty in one region, which has one detector or none: one that is there is adopted."""

    key = ("'the only one'",)
    lists = {FEATURES: ("Name",), f"{FEATURES}.{MORE}": ("Name",)}
    # AWS shows every feature that there is; a feature is switched off, not taken away.
    additive = {FEATURES, f"{FEATURES}.{MORE}"}
    reads = {"Enable": "Status && Status == 'ENABLED'"}
    outputs = {"Arn", "DetectorId"}
    tagging = Tagging(id="ResourceArn", of="Arn", tags="Tags", key="", erased="TagKeys")

    def listed(self, since: float = 0) -> Iterator[Found]:
        for detector in self.listing("list_detectors", since):
            where = f"arn:{self.client.meta.partition}:guardduty:{self.home}:{self.aws.account}"
            named = {"Arn": f"{where}:detector/{detector}", "DetectorId": detector}
            if shown := self._shown(detector):
                yield Found(detector, {**shown, **named}, shown.get("Tags", {}))

    def create(self, desired: Desired) -> str:
        detector = self.accepted("create_detector", desired.properties)
        tags = self.tagging.to_aws(desired.tags)
        return str(self.client.create_detector(**detector, Tags=tags)["DetectorId"])

    def update(self, change: Change) -> None:
        settings = {name: value for name, value in change.changed.items() if name != FEATURES}
        if features := change.items(FEATURES).added:
            # AWS leaves those alone that it is not sent.
            settings[FEATURES] = [_feature(each) for each in features]
        self.client.update_detector(DetectorId=change.observed.id, **settings)

    def delete(self, observed: Observed) -> None:
        # AWS has one word for all that is wrong, so it is not asked about what is gone.
        if observed.id in self.client.list_detectors()["DetectorIds"]:
            self.client.delete_detector(DetectorId=observed.id)

    def _shown(self, detector: str) -> dict[str, Any]:
        # So AWS calls an id that it has just listed, and that is gone since.
        with missing("BadRequestException"):
            answer = self.client.get_detector(DetectorId=detector)
            return {name: answer[name] for name in answer if name != "ResponseMetadata"}
        return {}


def _feature(feature: Properties) -> dict[str, Any]:
    """A feature as requests take it: without what AWS says about it besides."""
    named = {"Name": feature["Name"], "Status": feature["Status"]}
    more = [{"Name": each["Name"], "Status": each["Status"]} for each in feature.get(MORE) or ()]
    return {**named, MORE: more} if more else named
