"""CloudTrail's events of the last 90 days, whether or not there is a trail.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from reconciler.actors.change import Change, Ours, ends
from reconciler.actors.identity import whose
from reconciler.aws import Aws
from reconciler.aws.failures import code

GLOBAL = "us-east-1"
"""Where the events of services are that belong to no region: IAM, CloudFront, Route 53."""
FEW = 5
"""So many names are asked for one by one; of more, all writes are read and looked through."""
PAGES = 30
"""Of 50 events each, at two a second: longer nobody waits. What is older is told to be unread."""
OF_ONE = 2
"""Pages for one name."""
WRITES = {"AttributeKey": "ReadOnly", "AttributeValue": "false"}
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
NAMING = ("name", "id", "arn", "identifier")
"""How the parameters end that name an object, where AWS tells no resources of an event."""

Tell = Callable[[str], None]
Event = Mapping[str, Any]


def regions(home: str) -> tuple[str, ...]:
    """Where to ask: at home, and where what is global is recorded."""
    return tuple(dict.fromkeys((home, GLOBAL)))


def changes(
    aws: Aws,
    regions: Iterable[str],
    names: Iterable[str],
    since: datetime,
    *,
    ours: Ours | None = None,
    tell: Tell = lambda what: None,
    pages: int = PAGES,
) -> list[Change]:
    """What changed objects of these names, ids or ARNs; of no names: whatever changed.

    Newest first, without what AWS refused. `tell` hears what is unread, which is no error."""
    found: dict[str, Change] = {}
    wanted = frozenset(names)
    for region in regions:
        try:
            for event in _events(aws, region, wanted, since, tell, pages):
                if (change := _change(event, region, wanted, ours or Ours())) is not None:
                    found.setdefault(change.event, change)
        except (ClientError, BotoCoreError) as error:
            tell(_unread(error, region))
            if isinstance(error, ClientError) and code(error) in DENIED:
                break  # it is the same in every region
    return sorted(found.values(), key=lambda each: (each.when, each.event), reverse=True)


def _events(
    aws: Aws, region: str, names: Set[str], since: datetime, tell: Tell, pages: int
) -> Iterator[Event]:
    """By name, which is exact; all writes where that would take long or tells nothing."""
    client, seen = aws.client("cloudtrail", region), set[str]()
    if len(names) <= FEW:
        for name in sorted(names):
            wanted = {"AttributeKey": "ResourceName", "AttributeValue": name}
            for event in _looked_up(client, wanted, since, OF_ONE, lambda: None):
                seen.add(name)
                yield event
    # AWS tells the resources of some services' events only; of the others we find the name within.
    if not names or names - seen:
        cut = (
            f"CloudTrail in {region} has more changes than the {pages * 50} that are read: who "
            "made older ones is not told"
        )
        yield from _looked_up(client, WRITES, since, pages, lambda: tell(cut))


def _looked_up(
    client: Any, wanted: Mapping[str, str], since: datetime, pages: int, cut: Callable[[], None]
) -> Iterator[Event]:
    """The newest first. `cut` is called where there are more pages than these."""
    asked: dict[str, Any] = {"LookupAttributes": [wanted], "StartTime": since, "MaxResults": 50}
    for _ in range(pages):
        answer = client.lookup_events(**asked)
        yield from answer["Events"]
        if not answer.get("NextToken"):
            return
        asked["NextToken"] = answer["NextToken"]
    cut()


def _change(event: Event, region: str, names: Set[str], ours: Ours) -> Change | None:
    """None for what only read, was refused, or touched none of the names."""
    record = json.loads(event["CloudTrailEvent"])
    if event.get("ReadOnly") == "true" or record.get("errorCode"):
        return None
    told = list(dict.fromkeys(_names(event, record)))
    asked = next((name for each in told for name in ends(each) if name in names), "")
    if names and not asked:
        return None
    actor, kind = whose(record, ours)
    service = str(event["EventSource"]).partition(".")[0]
    return Change(
        when=event["EventTime"],
        actor=actor,
        kind=kind,
        operation=f"{service}.{event['EventName']}",
        object=asked or next(iter(told), ""),
        request_id=str(record.get("requestID") or ""),
        region=str(record.get("awsRegion") or region),
        event=str(event["EventId"]),
        names=frozenset(told),
    )


def _names(event: Event, record: Event) -> Iterator[str]:
    yield from (each["ResourceName"] for each in event.get("Resources") or ())
    yield from _within(record.get("requestParameters"))
    yield from _within(record.get("responseElements"))


def _within(value: Any, key: str = "") -> Iterator[str]:
    """What names an object, however deep it stands: nothing else is taken out of parameters."""
    match value:
        case str() if key.lower().endswith(NAMING):
            yield value
        case Mapping():
            for name, each in value.items():
                yield from _within(each, name)
        case list():
            for each in value:
                yield from _within(each, key.removesuffix("s"))


def _unread(error: Exception, region: str) -> str:
    if isinstance(error, ClientError) and code(error) in DENIED:
        return (
            "CloudTrail may not be read (cloudtrail:LookupEvents), so who else changed "
            f"something is not told: {error}"
        )
    return f"CloudTrail in {region} could not be read, so it is not told who changed what: {error}"
