"""A saved plan, held against the YAML and the account of this run."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import schemas
from reconciler.apply.safety import WRITES
from reconciler.errors import Departed, InvalidDesired, Refused, Usage
from reconciler.load import Declared, Environment
from reconciler.result import Decision, Result
from reconciler.saved import declared as yaml
from reconciler.saved import file as files
from reconciler.saved.departures import WRITTEN, departed
from reconciler.saved.document import FORMAT, checksum, in_order, step, steps, tool
from reconciler.saved.sealed import Sealer

Hidden = Callable[[Result, Sealer], Result]
"""The result with its secrets hidden, as the Sealer hides them."""


@dataclass
class Saved:
    """A plan that was read, and agrees with the YAML."""

    path: Path
    document: Mapping[str, Any]
    environment: Environment
    hidden: Hidden = lambda result, _: result

    @property
    def _steps(self) -> dict[str, Mapping[str, Any]]:
        return {each["address"]: each for each in self.document["steps"]}

    def holds(self, decision: Decision) -> str:
        """What holds a decision that is no part of the plan; empty if it is one."""
        if decision.action not in WRITES or decision.address in self._steps:
            return ""
        return f"it is no part of {self.path}: a new plan tells what becomes of it"

    def check(self, result: Result) -> None:
        """Raise Departed, with all that departs, unless this run would do exactly the plan.

        A plan whose every step is done by now is no departure: nothing of it is left."""
        now = self._now(result)
        lines = [] if self._done(now) else [*self._departures(now)]
        lines += self._other_inputs()
        if lines:
            raise Departed(_refusal(self.path, self.document, "the account has changed", lines))

    def _now(self, result: Result) -> dict[str, Mapping[str, Any]]:
        sealer = self._sealer()
        settled = replace(result, decisions=in_order(result.decisions))
        shown = self.hidden(settled, sealer)
        inputs = secret(self.environment)
        decided = (sealer.without(step(each), inputs) for each in shown.decisions)
        return {**self._unread(result), **{each["address"]: each for each in decided}}

    def _unread(self, result: Result) -> dict[str, Mapping[str, Any]]:
        """Steps of which nobody can say by now whether their object is there."""
        unread = result.coverage.unread
        blind = {
            address: next((unread[key] for key in unread if key.startswith(f"{kind} in ")), "")
            for address, kind in ((each, each.partition("/")[0]) for each in self._steps)
        }
        return {
            address: {"action": "unknown", "reason": f"it could not be read ({why})"}
            for address, why in blind.items()
            if why
        }

    def _sealer(self) -> Sealer:
        return Sealer(bytes.fromhex(self.document["salt"]))

    def _done(self, now: Mapping[str, Mapping[str, Any]]) -> bool:
        """Whether nothing of the plan is left to do, and something was."""
        open_ones = [each for each in self.document["steps"] if not each["held"]]
        return bool(open_ones) and not any(
            now[each["address"]]["action"] in (*WRITTEN, "unknown")
            for each in open_ones
            if each["address"] in now
        )

    def _departures(self, now: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        for address, was in self._steps.items():
            place = f"{was['source']}: " if was["source"] else ""
            for what in departed(was, now.get(address)):
                yield f"{place}{address}: {what}"

    def _other_inputs(self) -> Iterable[str]:
        """Inputs that were given then and now, and not the same: they may never show in AWS."""
        sealer = self._sealer()
        for name, value in _given(self.environment).items():
            was = self.document["inputs"].get(name)
            if was is not None and was != sealer.hide(value):
                yield f"the input {name} has another value"


def save(
    path: Path,
    result: Result,
    declared: Declared,
    options: Mapping[str, Any],
    hidden: Hidden,
) -> None:
    """Write what this dry-run would do, so that an apply does exactly that."""
    salt = secrets.token_bytes(16)
    sealer = Sealer(salt)
    shown = hidden(replace(result, decisions=in_order(result.decisions)), sealer)
    inputs = declared.environment.inputs
    given = _given(declared.environment)
    document = {
        "format": FORMAT,
        "tool": tool(),
        "environment": result.environment,
        "account": result.account,
        "run": result.run,
        "commit": result.commit,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "options": dict(options),
        "salt": salt.hex(),
        "yaml": yaml.digests(declared),
        "inputs": {n: sealer.hide(given[n]) if n in given else None for n in sorted(inputs)},
        "steps": sealer.without(steps(shown), secret(declared.environment)),
    }
    files.write(path, {**document, "checksum": checksum(document)})


def opened(path: Path, declared: Declared, options: Mapping[str, Any]) -> Saved:
    """The plan in a file. Raises Refused unless it is one of ours, whole, and for this YAML."""
    document = files.read(path)
    _refuse_others(path, document)
    environment = declared.environment
    for name, here in (("environment", environment.name), ("account", environment.account)):
        if document[name] != here:
            raise Refused(f"{path} is for {name} {document[name]}, and this is {here}")
    _refuse_other_options(path, document["options"], options)
    if lines := [*yaml.departed(document["yaml"], declared)]:
        raise Departed(_refusal(path, document, "the YAML has changed", lines))
    return Saved(path, document, environment)


def _refuse_others(path: Path, document: Any) -> None:
    """What is no plan, was made by another version of ours, or is no longer as we wrote it."""
    known = isinstance(document, dict) and "tool" in document
    if known and (document["tool"], document.get("format")) != (tool(), FORMAT):
        raise Refused(
            f"{path} was made by muvi-converge {document['tool']}, and this is {tool()}, which may "
            "plan otherwise: make it anew"
        )
    for error in _validator().iter_errors(document):
        raise Refused(f"{path} is not a plan of ours: {error.json_path}: {error.message:.200}")
    if document["checksum"] != checksum(document):
        raise Refused(f"{path} is no longer as it was written: make it anew. Nothing was done")


@cache
def _validator() -> Any:
    """Plain JSON Schema: what our own keywords mean in the YAML they do not mean here."""
    from jsonschema import Draft202012Validator

    text = Path(schemas.__file__).with_name("plan.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text))


def _refuse_other_options(path: Path, was: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """What lifts policy is said by the command that changes something, not by a file alone."""
    if was["sandbox"] != now["sandbox"]:
        there = "in the sandbox" if was["sandbox"] else "in the real account"
        raise Refused(f"{path} was made {there}, and is for there only")
    if sorted(was["allow"]) != sorted(now["allow"]):
        said = f"--allow {','.join(was['allow'])}" if was["allow"] else "no --allow"
        raise Usage(f"{path} was made with {said}, so say the same to apply it")


def _given(environment: Environment) -> dict[str, str]:
    """What was given for each input; without those for which nothing was."""
    given = {}
    for name, each in environment.inputs.items():
        with suppress(InvalidDesired):
            given[name] = each.value()
    return given


def secret(environment: Environment) -> dict[str, str]:
    """The same without what the YAML itself says."""
    inputs = environment.inputs
    return {n: value for n, value in _given(environment).items() if value != inputs[n].default}


def _refusal(path: Path, document: Mapping[str, Any], what: str, lines: Iterable[str]) -> str:
    told = "\n".join(f"  {line}" for line in lines)
    return (
        f"{what} since {path} was made ({document['made']}), so nothing was done:\n{told}\n"
        f"Make it anew, look at it, and apply that: muvi-converge --env "
        f"{document['environment']} --dry-run --save {path}{_words(document['options'])}"
    )


def _words(options: Mapping[str, Any]) -> str:
    """What was said beside --dry-run, to be said again."""
    said = [f" --{name} {each}" for name in ("only", "except", "allow") for each in options[name]]
    return "".join([*said, " --policy" if options["policy"] else ""])
