"""Secrets that somebody wrote into the YAML, where everybody can read them for ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jmespath

from reconciler.load import own


def written(properties: Mapping[str, Any], given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The paths where a secret stands, of those that only inputs may give, and what to do."""
    whole = {**properties, **own.initial(properties)}
    named = [name for name, when in given.items() if jmespath.search(when, whole)]
    for prefix, holder in (("", properties), ("$initial.", own.initial(properties))):
        for name in named:
            value = holder.get(name)
            if isinstance(value, str) and "${" not in value:
                yield (
                    f"{prefix}{name}",
                    "is a secret, which everybody who reads this file would know; change it, for "
                    "the file's history keeps it, declare an input in environment.yaml, and write "
                    "${input.NAME} here",
                )
