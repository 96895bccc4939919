"""CloudTrail's events of the last 90 days. None is recorded: who plays people tells of them."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from moto.cloudtrail.models import cloudtrail_backends
from moto.cloudtrail.responses import CloudTrailResponse

from reconciler.sandbox.cloudtrail_buckets import Refused
from reconciler.sandbox.corrections import Method, corrects

KEPT = 90 * 86400  # seconds
MOST = 50
Event = dict[str, Any]
KEYS = {
    "EventId",
    "EventName",
    "ReadOnly",
    "Username",
    "ResourceType",
    "ResourceName",
    "EventSource",
    "AccessKeyId",
}


def happened(
    account: str,
    region: str,
    operation: str,
    identity: Mapping[str, Any],
    resources: Mapping[str, str] | None = None,
    **more: Any,
) -> Event:
    """Let CloudTrail have recorded `ec2.DeleteVpc`, on resources by name, of a type each.

    `more`: other fields of the record, such as requestParameters. `ago`: how many seconds ago."""
    service, _, name = operation.partition(".")
    reads = name.startswith(("Describe", "Get", "List"))
    record = {
        "eventID": str(uuid.uuid4()),
        "requestID": str(uuid.uuid4()),
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "readOnly": reads,
        "userIdentity": dict(identity),
    }
    at = time.time() - more.pop("ago", 0)
    record |= more
    event = {
        "EventId": record["eventID"],
        "EventName": name,
        "ReadOnly": str(reads).lower(),
        "EventTime": at,
        "EventSource": record["eventSource"],
        "Username": identity.get("userName", ""),
        "Resources": [
            {"ResourceName": each, "ResourceType": kind} for each, kind in (resources or {}).items()
        ],
        "CloudTrailEvent": json.dumps(record),
    }
    _recorded(cloudtrail_backends[account][region]).append(event)
    return event


def _recorded(backend: Any) -> list[Event]:
    events: list[Event] = backend.__dict__.setdefault("events", [])
    return events


@corrects(CloudTrailResponse, "lookup_events")
def lookup_events(_: Method, self: Any) -> str:
    """moto lacks it. API_LookupEvents.html"""
    asked = json.loads(self.body)
    begin, end = asked.get("StartTime", 0), asked.get("EndTime", time.time())
    wanted, most = _wanted(asked.get("LookupAttributes", [])), asked.get("MaxResults", MOST)
    if begin > end:
        raise Refused("InvalidTimeRangeException", "Start time cannot be after end time.")
    if not 1 <= most <= MOST:
        raise Refused("InvalidMaxResultsException", f"MaxResults is not between 1 and {MOST}.")
    begin = max(begin, time.time() - KEPT)
    found = [e for e in _recorded(self.cloudtrail_backend) if begin <= e["EventTime"] <= end]
    found = [each for each in found if all(_has(each, *one) for one in wanted.items())]
    found.sort(key=lambda each: float(each["EventTime"]), reverse=True)
    return json.dumps(_page(found, asked.get("NextToken", "0"), most))


def _page(found: list[Event], token: str, most: int) -> Mapping[str, Any]:
    if not token.isdigit() or int(token) > len(found):
        raise Refused("InvalidNextTokenException", "Invalid token.")
    first = int(token)
    more = {"NextToken": str(first + most)} if first + most < len(found) else {}
    return {"Events": found[first : first + most], **more}


def _wanted(attributes: list[Mapping[str, str]]) -> Mapping[str, str]:
    if len(attributes) > 1 or any(each["AttributeKey"] not in KEYS for each in attributes):
        raise Refused(
            "InvalidLookupAttributesException", "You can only specify one attribute at a time."
        )
    return {each["AttributeKey"]: each["AttributeValue"] for each in attributes}


def _has(event: Event, key: str, value: str) -> bool:
    if key.startswith("Resource"):
        return any(each[key] == value for each in event["Resources"])
    return bool(event.get(key) == value)
