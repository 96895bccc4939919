"""What namespaces and services share: tags, and operations that AWS finishes by itself."""

from __future__ import annotations

import hashlib
from typing import Any

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Status, Tags

TAGGING = Tagging(id="ResourceARN", of="Arn", tags="Tags", erased="TagKeys")
ENDED = {"SUCCESS": Status.READY, "FAIL": Status.BROKEN}


def namespaces(handler: Handler, since: float) -> list[dict[str, Any]]:
    """Every namespace of the account. What others share with us is theirs, and not among them."""
    ours = handler.aws.account
    every = handler.listing("list_namespaces", since)
    return [each for each in every if each.get("ResourceOwner", ours) == ours]


def tags(handler: Handler, arn: str) -> Tags:
    with missing("ResourceNotFoundException"):
        answer = handler.client.list_tags_for_resource(ResourceARN=arn)
        return TAGGING.from_aws(answer["Tags"])
    return {}


def token(intent: str) -> str:
    """A CreatorRequestId, which may have 64 characters: the same for the same intent."""
    return hashlib.sha256(intent.encode()).hexdigest()


def stands(handler: Handler, operation: str | None) -> tuple[Status, str]:
    """How an operation of this run stands, and why in AWS's words; READY where there is none."""
    if operation is None:
        return Status.READY, ""
    answer = handler.client.get_operation(OperationId=operation)["Operation"]
    status = ENDED.get(answer["Status"], Status.PENDING)
    waits = "AWS is at work on it" if status is Status.PENDING else ""
    return status, answer.get("ErrorMessage") or waits
