"""EventBridge: answers that say 200 and have failed all the same."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError


def refuse_failures(answer: dict[str, Any], operation: str) -> None:
    """Raise the first entry that failed, as AWS would have raised it for a single one."""
    for entry in answer["FailedEntries"]:
        what = f"{entry['TargetId']}: {entry.get('ErrorMessage', '')}"
        error = {"Code": entry["ErrorCode"], "Message": what}
        raise ClientError(
            {"Error": error, "ResponseMetadata": answer["ResponseMetadata"]}, operation
        )
