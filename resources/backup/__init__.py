"""The types of AWS Backup."""

from __future__ import annotations

import hashlib
from typing import Any


def token(intent: str) -> str:
    """A CreatorRequestId, of which AWS takes 50 characters: the same for the same intent."""
    return hashlib.sha256(intent.encode()).hexdigest()[:50]


def tags_of(client: Any, arn: str) -> dict[str, str]:
    """The tags of a vault or plan, which no listing shows."""
    # A page holds more of them than AWS lets an object have.
    return dict(client.list_tags(ResourceArn=arn, MaxResults=1000).get("Tags", {}))
