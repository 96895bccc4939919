"""What the types of EC2 share: tags, client tokens, and one spelling for ranges."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from reconciler.handler import Tagging
from reconciler.model import Properties, Tags

TAGGING = Tagging(
    "create_tags",
    "delete_tags",
    id="Resources",
    many=True,
    tags="Tags",
    erased="Tags",
    wrapped=True,
)


def specification(kind: str, tags: Tags) -> dict[str, Any]:
    """Tags as EC2's create calls take them."""
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": TAGGING.to_aws(tags)}]}


def token(intent: str) -> str:
    """A client token, which may have 64 characters: the same for the same intent."""
    return hashlib.sha256(intent.encode()).hexdigest()


def cleared(properties: Properties, *names: str) -> Properties:
    """The properties with these ranges as AWS keeps them: nothing set behind the mask."""
    if not isinstance(properties, Mapping):
        return properties  # not known yet
    ranges = {name: _network(properties[name]) for name in names if name in properties}
    return {**properties, **ranges}


def _network(cidr: Any) -> Any:
    try:
        return str(ip_network(cidr, strict=False)) if isinstance(cidr, str) else cidr
    except ValueError:
        return cidr  # for AWS to refuse in its own words
