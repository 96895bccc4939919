"""GuardDuty: moto makes any number of detectors, overwrites features, and has no calls for tags."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

from moto.core.exceptions import JsonRESTError
from moto.guardduty.models import GuardDutyBackend
from moto.guardduty.responses import GuardDutyResponse

from reconciler.sandbox.corrections import Method, corrects

ON, OFF = "ENABLED", "DISABLED"
ALWAYS = ("CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS")
"""What every detector watches. AWS shows them among the features and takes no word about them."""
BORN = {
    **dict.fromkeys(ALWAYS, ON),
    "S3_DATA_EVENTS": ON,
    "EKS_AUDIT_LOGS": ON,
    "EBS_MALWARE_PROTECTION": ON,
    "RDS_LOGIN_EVENTS": ON,
    "LAMBDA_NETWORK_LOGS": ON,
    "EKS_RUNTIME_MONITORING": OFF,
    "RUNTIME_MONITORING": OFF,
}
AGENTS = {
    "EKS_RUNTIME_MONITORING": ("EKS_ADDON_MANAGEMENT",),
    "RUNTIME_MONITORING": (
        "EKS_ADDON_MANAGEMENT",
        "ECS_FARGATE_AGENT_MANAGEMENT",
        "EC2_AGENT_MANAGEMENT",
    ),
}
MORE = "additionalConfiguration"


class BadRequest(JsonRESTError):
    code = 400

    def __init__(self, what: str) -> None:
        super().__init__("BadRequestException", f"The request is rejected because {what}")


@corrects(GuardDutyBackend, "create_detector")
def create_detector(
    original: Method, self: Any, enable: bool, often: Any, sources: Any, tags: Any, features: Any
) -> Any:
    """moto makes a second one, and one that watches nothing. API_CreateDetector.html"""
    if self.detectors:
        raise BadRequest("a detector already exists for the current account.")
    wanted = _merged([_born(name) for name in BORN], features or [])
    return original(self, enable, often, sources, tags, wanted)


@corrects(GuardDutyBackend, "update_detector")
def update_detector(
    original: Method, self: Any, detector_id: str, enable: Any, often: Any, sources: Any, some: Any
) -> None:
    """moto forgets the features that it is not sent. API_UpdateDetector.html"""
    features = _merged(self.get_detector(detector_id).features, some or [])
    original(self, detector_id, enable, often, sources, features)


@corrects(GuardDutyBackend, "delete_detector")
def delete_detector(original: Method, self: Any, detector_id: str) -> None:
    """moto deletes what is not there. API_DeleteDetector.html"""
    self.get_detector(detector_id)
    original(self, detector_id)


@corrects(GuardDutyBackend, "_url_module")
def routed(original: Method, self: Any) -> Any:
    """moto has no path to the calls below."""
    module = original(self)
    tags = {"{0}/tags/(?P<resource_arn>.+)$": GuardDutyResponse.dispatch}
    return SimpleNamespace(url_bases=module.url_bases, url_paths={**module.url_paths, **tags})


@corrects(GuardDutyResponse, "tag_resource")
def tag_resource(original: Method, self: Any) -> str:
    """moto lacks it. API_TagResource.html"""
    _tagged(self).tags.update(self._get_param("tags"))
    return "{}"


@corrects(GuardDutyResponse, "untag_resource")
def untag_resource(original: Method, self: Any) -> str:
    """moto lacks it. API_UntagResource.html"""
    tags = _tagged(self).tags
    for name in self.querystring.get("tagKeys", []):
        tags.pop(name, None)
    return "{}"


def _tagged(response: Any) -> Any:
    arn = unquote(response.path.split("/tags/")[-1])
    return response.guardduty_backend.get_detector(arn.rpartition("/")[2])


def _born(name: str) -> dict[str, Any]:
    agents = [{"name": agent, "status": OFF} for agent in AGENTS.get(name, ())]
    return {"name": name, "status": BORN[name], **({MORE: agents} if agents else {})}


def _merged(before: list[Any], after: list[Any]) -> list[dict[str, Any]]:
    """What is named is written over, and so is what is named inside of it."""
    named = {each["name"]: dict(each) for each in before}
    for each in after:
        old = named.get(each["name"], {})
        inner = _merged(old.get(MORE, []), each.get(MORE) or [])
        named[each["name"]] = {**old, **each, **({MORE: inner} if inner else {})}
        if each["name"] in ALWAYS or each["name"] not in {*BORN, *sum(AGENTS.values(), ())}:
            raise BadRequest("an invalid or out-of-range value is specified as an input.")
    return list(named.values())
