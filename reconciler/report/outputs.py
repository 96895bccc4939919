"""What environment.yaml wants shown: for people, and for scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def render(outputs: Mapping[str, Any], output: str) -> str:
    """Names and values; what AWS has not chosen yet is null, or said to be so."""
    if output == "json":
        return json.dumps(outputs, indent=2, default=str)
    width = max((len(name) for name in outputs), default=0)
    return "\n".join(f"{name:{width}}  {_value(value)}" for name, value in outputs.items())


def _value(value: Any) -> str:
    if value is None:
        return "(not known yet)"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
