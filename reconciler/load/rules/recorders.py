"""What AWS Config refuses: half of what records, two ways at once, buckets that let nobody in.

https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html
https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.load.problems import Finding
from reconciler.load.rules.buckets import unallowed
from reconciler.load.rules.place import Place
from reconciler.load.rules.policies import allows

RECORDER, CHANNEL = "config.configuration_recorder", "config.delivery_channel"
CONFIG = "config.amazonaws.com"
WAYS = {
    "allSupported": "ALL_SUPPORTED_RESOURCE_TYPES",
    "resourceTypes": "INCLUSION_BY_RESOURCE_TYPES",
    "exclusionByResourceTypes": "EXCLUSION_BY_RESOURCE_TYPES",
}


def channel_there(recorder: Place) -> Iterator[Finding]:
    """A recorder delivers what it records."""
    place = recorder.at("recording")
    if place.value is True and not list(_beside(recorder, CHANNEL)):
        yield place.wrong(
            f"is true, but no {CHANNEL} is declared in {recorder.resource.region}, without which "
            "AWS does not start it; declare one",
            sure=False,
        )


def recorder_there(channel: Place) -> Iterator[Finding]:
    """A channel has something to deliver, and does not wait for what waits for it."""
    recorders = list(_beside(channel, RECORDER))
    if not recorders:
        yield channel.at("name").wrong(
            f"has no {RECORDER} declared in {channel.resource.region}, without which AWS makes no "
            "channel; declare one",
            sure=False,
        )
    for each in recorders:
        records = each.at("recording").value is True
        if records and each.resource.address in channel.resource.depends_on:
            yield channel.at("$depends_on").wrong(
                f"names {each.resource.address}, which records, and so waits for its channel; take "
                "it out: the order is right without it"
            )


def one_way(recorder: Place) -> Iterator[Finding]:
    """All types, some, or all but some."""
    group = recorder.at("recordingGroup")
    ways = {name: group.at(name) for name in WAYS}
    said = [name for name, each in ways.items() if each.value and not each.open]
    used = group.at("recordingStrategy.useOnly")
    if len(said) > 1:
        what = f"has both {said[0]} and {said[1]}, so AWS would refuse it; keep one of them"
        yield group.wrong(what)
    elif said and used.text in {*WAYS.values()} - {WAYS[said[0]]}:
        yield used.wrong(
            f"is {used.text}, but {said[0]} is given, so AWS would refuse both; write "
            f"{WAYS[said[0]]}, or leave it out"
        )
    elif said != ["allSupported"] and said and group.at("includeGlobalResourceTypes").value is True:
        what = f"is true, which AWS takes with allSupported only; add what is meant to {said[0]}"
        yield group.at("includeGlobalResourceTypes").wrong(what)


def channel_bucket(channel: Place) -> Iterator[Finding]:
    """AWS Config writes as its recorder's role; as AWS's own only where the bucket lets it."""
    place = channel.at("s3BucketName")
    roles = [each.at("roleARN").text for each in _beside(channel, RECORDER)]
    bucket = place.of("s3.bucket")
    if bucket is None or not any(f"/aws-service-role/{CONFIG}/" in each for each in roles):
        return
    for action in ("s3:GetBucketAcl", "s3:PutObject"):
        if not allows(bucket.at("Policy"), action, CONFIG):
            yield place.wrong(unallowed(bucket, CONFIG, action, "the channel"), sure=False)


def _beside(place: Place, kind: str) -> Iterator[Place]:
    """What is declared of a type in the same region."""
    region = place.resource.region
    yield from (each for each in place.whole.every(kind) if each.resource.region == region)
