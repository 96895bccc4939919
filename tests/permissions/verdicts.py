"""What IAM would say of a call under the policies that we print, from AWS's own ARNs and names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path
from typing import Any

from reconciler.permissions import tables
from reconciler.permissions.operations import Operation
from tests.command.running import Call, command

FREE = {"sts:GetCallerIdentity"}
"""https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""
NEW = "chosen-by-aws"
DESIRED = Path(__file__).parents[2] / "desired"
ACCOUNTS = {"prod": "011566070219", "uat": "739991759290"}
SCOPES = {"CLOUDFRONT": "global", "REGIONAL": "regional"}


@dataclass(frozen=True)
class Verdicts:
    """Policies that somebody holds, and what they let him do."""

    documents: Mapping[str, Any]
    account: str

    def allow(self, action: str, arn: str, region: str) -> bool:
        """Whether a statement allows it, as IAM reads them."""
        return any(
            action in each["Action"]
            and any(fnmatchcase(arn, pattern) for pattern in each["Resource"])
            and region in _regions(each, region)
            for each in self.statements
        )

    @property
    def statements(self) -> Iterator[Mapping[str, Any]]:
        for document in self.documents.values():
            yield from document["Statement"]

    @property
    def actions(self) -> set[str]:
        return {action for each in self.statements for action in each["Action"]}

    def denied(self, calls: Iterable[Call]) -> set[str]:
        """The calls that would not be allowed, as `action in region on parameters`."""
        return {
            f"{action} in {call.region} on {call.parameters}"
            for call in calls
            for action in actions(call)
            if action not in FREE and not self._allow(action, call)
        }

    def _allow(self, action: str, call: Call) -> bool:
        kinds = [*tables.reference()[action].kinds, *tables.reference()[action].any]
        if not kinds:
            return self.allow(action, "*", call.region)
        shapes = [self._shape(kind, call.region) for kind in kinds]
        told = {
            arn for shape in shapes for arn in _arns(call.parameters) if fnmatchcase(arn, shape)
        }
        if told:
            return all(self.allow(action, arn, call.region) for arn in told)
        words = _words(call.parameters)
        meant = (arn for shape in shapes for arn in _filled(shape, words))
        return any(self.allow(action, arn, call.region) for arn in meant)

    def _shape(self, kind: str, region: str) -> str:
        return f"arn:aws:{tables.kinds()[kind].format(region=region, account=self.account)}"


def printed(env: str, *arguments: str) -> Verdicts:
    """The policies that `iam-policy` prints for an environment."""
    ran = command("iam-policy", "--env", env, "--desired", str(DESIRED), *arguments)
    assert (ran.code, ran.err, ran.calls) == (0, "", []), "AWS was asked, or something is wrong"
    return Verdicts(ran.document, ACCOUNTS[env])


def hold(env: str, written: Iterable[Call], read: Iterable[Call]) -> None:
    """Hold the printed policies against every call of a life, and of a dry-run in it."""
    calls, reading = list(written), printed(env, "--read-only")
    writes = [call for call in calls if not call.reads]
    assert len(calls) > 1000
    assert writes
    assert sorted(printed(env).denied(calls)) == []
    assert sorted(reading.denied(read)) == []
    for call in writes:  # who may only read may do nothing of it
        some = [each for each in actions(call) if not tables.reference()[each].reads]
        assert some
        assert set(some).isdisjoint(reading.actions)


def actions(call: Call) -> list[str]:
    return tables.actions(Operation(call.service, call.operation))


def _regions(statement: Mapping[str, Any], region: str) -> list[str]:
    equals = statement.get("Condition", {}).get("StringEquals", {})
    return list(equals.get("aws:RequestedRegion", [region]))


def _filled(shape: str, words: Iterable[str]) -> Iterator[str]:
    """The ARNs of that shape whose names are words of the call."""
    parts = shape.split("*")
    for names in product(words, repeat=len(parts) - 1):
        pairs = zip(parts, [*names, ""], strict=True)
        yield "".join(
            part + (name.lstrip("/") if part[-1:] == "/" else name) for part, name in pairs
        )


def _words(parameters: Mapping[str, Any]) -> list[str]:
    """The names that a call says, and what AWS makes of them in ARNs."""
    said = {each for each in _told(parameters) if len(each) < 200}
    spelled = {word for each in said for word in (SCOPES.get(each, each), each.rpartition("/")[2])}
    secrets = {f"{each}-AbCdEf" for each in said}  # AWS puts six characters behind their names
    return sorted(spelled | secrets | {NEW})


def _arns(parameters: Mapping[str, Any]) -> Iterator[str]:
    yield from (each for each in _told(parameters) if each.startswith("arn:"))


def _told(parameters: Mapping[str, Any]) -> Iterator[str]:
    """The texts that say which object a call is about: what lies deeper says what it shall be."""
    for each in parameters.values():
        match each:
            case str():
                yield each
            case list():
                yield from (one for one in each if isinstance(one, str))
            case dict():
                yield from (one for one in each.values() if isinstance(one, str))
