"""Where the account is no longer as a saved plan saw it, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.apply.safety import WRITES
from reconciler.report.values import apart, shown
from reconciler.saved.sealed import short

Step = Mapping[str, Any]
ASKED = re.compile(r"‹input [^›]+›")
"""What an input that nobody gave to the dry-run stands as: the apply may give any value."""
ROOM = 160
WRITTEN = {each.value for each in WRITES}


def departed(was: Step, now: Step | None) -> Iterator[str]:
    """How what would be done by now departs from what the plan would do. Nothing: not at all."""
    if now is None or now["action"] not in WRITTEN:
        yield _over(was, now)
    elif now["action"] != was["action"] or now["id"] != was["id"]:
        yield _otherwise(was, now)
    else:
        yield from _places(was, now)
        yield from _held(was, now)


def _over(was: Step, now: Step | None) -> str:
    why = now["reason"] if now else "AWS has no such object of ours any more"
    return f"the plan was to {was['action']} it{_named(was)}, and by now {why}"


def _otherwise(was: Step, now: Step) -> str:
    return (
        f"the plan was to {was['action']} it{_named(was)}, and by now it would be to "
        f"{now['action']} it{_named(now)}: {now['reason']}"
    )


def _named(step: Step) -> str:
    return f" ({step['id']})" if step["id"] else ""


def _held(was: Step, now: Step) -> Iterator[str]:
    if now["held"] and not was["held"]:
        yield f"it is held by now: {now['held']}"
    if was["held"] and not now["held"]:
        yield f"the plan held it ({was['held']}), and nothing does by now"


def _places(was: Step, now: Step) -> Iterator[str]:
    before = {each["path"]: each for each in was["diff"]}
    after = {each["path"]: each for each in now["diff"]}
    for path in sorted(before.keys() | after.keys()):
        yield from _place(path, before.get(path), after.get(path))


def _place(path: str, was: Step | None, now: Step | None) -> Iterator[str]:
    if was is None and now is not None:
        yield f"{path} did not differ, and is {_text(now['before'])} now"
    elif now is None and was is not None:
        what = "is as the YAML wants it by now" if was["before"] is not None else "is there by now"
        yield f"{path} was {_text(was['before'])}, and {what}"
    elif was is not None and now is not None:
        if was["before"] != now["before"]:
            yield _moved(path, was["before"], now["before"])
        if not agrees(was["after"], now["after"]):
            told = _both(was["after"], now["after"], ", and would become {} now")
            yield f"{path} was to become {told}, for what it refers to has another value"


def _moved(path: str, was: Any, now: Any) -> str:
    """What AWS has there now; of a list, the members that came and went."""
    if isinstance(was, list) and isinstance(now, list):
        came = [each for each in now if each not in was]
        went = [each for each in was if each not in now]
        told = [
            f"{what} {_text(each)}" for what, each in (("gained", came), ("lost", went)) if each
        ]
        if told:
            return f"{path} has {' and '.join(told)}"
    return f"{path} was {_both(was, now, ', and is {} now')}"


def agrees(was: Any, now: Any) -> bool:
    """Whether two values are the same, but for the inputs that the dry-run had to do without."""
    if isinstance(was, str) and ASKED.search(was):
        return True
    match was, now:
        case dict(), dict():
            return was.keys() == now.keys() and all(agrees(was[n], now[n]) for n in was)
        case list(), list():
            return len(was) == len(now) and all(map(agrees, was, now))
    return bool(was == now)


def _both(was: Any, now: Any, then: str) -> str:
    one, other = apart(_text(was), _text(now), ROOM)
    return f"{one}{then.format(other)}"


def _text(value: Any) -> str:
    return shown(json.loads(short(json.dumps(value, ensure_ascii=False))))
