"""What EventBridge takes without a word: targets that do not let it in.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from reconciler.load.problems import Finding
from reconciler.load.rules.place import Place
from reconciler.load.rules.policies import allows

EVENTS = "events.amazonaws.com"


def target_lets_in(rule: Place) -> Iterator[Finding]:
    """A function needs a permission, and a topic's policy a statement: else nothing happens."""
    for place in rule.all("Targets.Arn"):
        function, topic = place.of("lambda.function"), place.of("sns.topic")
        if function and not _permitted(function.at("Permissions"), rule):
            address = rule.resource.address
            yield place.wrong(
                f"is {function.resource.address}, whose Permissions do not let this rule invoke "
                f"it, so the function would never run; add {{StatementId: ..., Action: "
                f"lambda:InvokeFunction, Principal: {EVENTS}, SourceArn: '${{{address}.Arn}}'}}",
                sure=False,
            )
        policy = topic.at("Policy") if topic else place
        if topic and not policy.missing and not allows(policy, "sns:Publish", EVENTS):
            yield place.wrong(
                f"is {topic.resource.address}, whose Policy does not let {EVENTS} sns:Publish, so "
                f"nothing would arrive; add a statement with Principal: {{Service: {EVENTS}}}",
                sure=False,
            )


def _permitted(permissions: Place, rule: Place) -> bool:
    return permissions.open or any(_permits(each, rule) for each in permissions)


def _permits(permission: Place, rule: Place) -> bool:
    if permission.at("Principal").text not in ("", EVENTS, "*"):
        return False
    source = permission.at("SourceArn")
    named = source.whole.named(source.raw)
    if named is not None:
        return named is rule.resource
    bus = rule.at("EventBusName").text
    ours = "/".join(["rule", *([bus] if bus else []), rule.at("Name").text])
    return not source.text or fnmatchcase(ours, source.text.rpartition(":")[2])
