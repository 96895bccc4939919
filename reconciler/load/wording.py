"""How we say what does not fit: what is wrong, why it matters, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.load import own
from reconciler.load.problems import meant
from reconciler.load.scalars import core, fits

KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
OURS = {
    ",": ", which AWS wants here,",
    "so it would do nothing": "so AWS would never get it",
    "; add it": (
        ", without which it cannot be created; add it "
        "(under $initial if only its creation shall use it)"
    ),
}
PUT = "aws secretsmanager put-secret-value --secret-id NAME --secret-string file://value.txt"
SECRETS = {"SecretString", "SecretBinary"}
"""What no schema of ours knows, for nobody shall write it."""


def shown(value: Any) -> str:
    """A value in a message: short, and without what a secret would be."""
    if value is None:
        return "null"
    if isinstance(value, Mapping | list):
        return "a mapping" if isinstance(value, Mapping) else "a list"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"a text of {len(text)} characters" if len(text) > 60 else f"“{text}”"


def misfit(wanted: str, value: Any) -> str:
    """A value that is not of the kind wanted."""
    what = f"must be {KINDS.get(wanted, wanted)}, which AWS wants here, but is {shown(value)}"
    if isinstance(value, str) and wanted == "array":
        return f"{what}; write [{value[:60]}]"
    if isinstance(value, str) and wanted == "object" and value.lstrip().startswith("{"):
        return f"{what}; write it in YAML; sound JSON is YAML, without quotes around it"
    if isinstance(value, str) and fits(core(value), wanted):
        return f"{what} in quotes; write it without them"
    if wanted == "boolean" and str(value).casefold() in ("yes", "no", "on", "off"):
        return f"{what}; YAML 1.2 has no other words for true and false"
    return what


def of_ours(what: str) -> str:
    """The same, of what AWS never sees."""
    for ours, theirs in OURS.items():
        what = what.replace(theirs, ours)
    return what


def unknown(name: str, known: Mapping[str, Any]) -> str:
    """A name that stands where it means nothing."""
    if name in own.ENTRY:
        return "speaks of a whole resource, so it would do nothing here; move it up"
    if own.ours(name):
        hint = meant(name, {*own.INNER, *(each for each in known if each.startswith("$"))})
        return f"is no key of ours, and names with $ are never sent to AWS.{hint}"
    if name in SECRETS:
        return (
            "is the secret itself, which everybody who reads this file would know; change it, for "
            f"the file's history keeps it, and put the new one in without us: {PUT}"
        )
    hint = meant(name, (each for each in known if not each.startswith("$")))
    return f"is no property here, so AWS would never get it.{hint}"
