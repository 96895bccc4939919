"""Amazon Inspector: answers that say 200 and have failed all the same."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError


def refuse_failures(answer: dict[str, Any], operation: str) -> dict[str, Any]:
    """The answer. Raises what failed in it, as AWS would have raised it for a single account."""
    for each in answer["failedAccounts"]:
        if each["errorCode"] != "ALREADY_ENABLED":
            error = {"Code": each["errorCode"], "Message": each["errorMessage"]}
            whole: Any = {"Error": error, "ResponseMetadata": answer["ResponseMetadata"]}
            raise ClientError(whole, operation)
    return answer
