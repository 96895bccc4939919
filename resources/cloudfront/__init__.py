"""What the types of CloudFront share: lists that carry their length, and marks in descriptions."""

import re
from collections.abc import Mapping
from typing import Any

from reconciler.model import Tags

OURS = "muvi-converge:"
MARKED = re.compile(rf"(?P<text>.*?) ?\[(?P<marks>{OURS}.*)\]", re.DOTALL)


def counted(value: Any, shape: Any) -> Any:
    """The members that AWS's model knows, every list with its length, which the YAML never says."""
    match value:
        case Mapping():
            inside = {
                name: counted(value[name], member)
                for name, member in shape.members.items()
                if name in value
            }
            items = inside.get("Items", ())
            return {**inside, "Quantity": len(items)} if "Quantity" in shape.members else inside
        case list():
            return [counted(member, shape.member) for member in value]
    return value


def marked(description: str, tags: Tags) -> str:
    """The description of an object that AWS has no tags for, with our own tags behind it."""
    ours = [f"{name}={value}" for name, value in sorted(tags.items()) if name.startswith(OURS)]
    return f"{description} [{', '.join(ours)}]".lstrip() if ours else description


def unmarked(description: str) -> tuple[str, dict[str, str]]:
    """Apart again: the description, and the tags behind it."""
    match = MARKED.fullmatch(description)
    if match is None:
        return description, {}
    marks = (mark.partition("=") for mark in match["marks"].split(", "))
    return match["text"], {name: value for name, _, value in marks}
