"""The lease's object: read with its age by AWS's own clock, written only if it is as it was."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from reconciler.aws.failures import code
from reconciler.errors import ReconcilerError, Refused
from reconciler.lease.note import Note, instant, read

TRIES = 4
UNANSWERED = (BotoCoreError, ConnectionError, HTTPClientError)
OTHERWISE = {"PreconditionFailed", "NoSuchKey"}
"""What a condition that does not hold is answered with; a key that is gone is 404."""


class Absent(ReconcilerError):
    """The bucket does not exist."""


class Conflict(ReconcilerError):
    """The object is no longer as it was when we read it."""


class Lost(ReconcilerError):
    """Whether the object was written nobody knows: its answer never came."""


@dataclass(frozen=True)
class Seen:
    """The object as read."""

    note: Note
    etag: str
    until: datetime
    """Until when it holds, by AWS's clock."""
    left: float
    """Seconds until then; negative once it is stale."""

    @property
    def held(self) -> bool:
        return not self.note.free and self.left > 0

    def __str__(self) -> str:
        note = self.note
        return f"run {note.run} of {note.owner}, since {note.began}, until {instant(self.until)}"


class Store:
    """One environment's lease in a bucket."""

    def __init__(self, client: Any, bucket: str, environment: str) -> None:
        self.client, self.bucket, self.key = client, bucket, f"lease/{environment}.json"

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    def read(self) -> Seen | None:
        """What stands there; None: nobody ever held it. Raises Absent, and Refused if unread."""
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=self.key)
            text = answer["Body"].read().decode()
            return _seen(read(text), answer)
        except ClientError as error:
            if code(error) == "NoSuchKey":
                return None
            if code(error) == "NoSuchBucket":
                raise Absent(f"the bucket {self.bucket} does not exist") from error
            raise self._unread(error) from error
        except (*UNANSWERED, ValueError) as error:
            raise self._unread(error) from error

    def write(self, note: Note, etag: str) -> str:
        """Replace what was read as `etag`, or nothing where that is empty; the new etag.

        Raises Conflict, Absent, Lost where no answer came, and Refused."""
        condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        for attempt in range(1, TRIES + 1):
            try:
                return str(self._put(note, condition)["ETag"])
            except ClientError as error:
                # AWS says so where two are written at the same time, and asks to try again.
                if code(error) == "ConditionalRequestConflict" and attempt < TRIES:
                    time.sleep(0.2 * attempt)
                    continue
                raise self._refusal(error) from error
            except UNANSWERED as error:
                raise Lost(str(error)) from error
        raise AssertionError("the last attempt returns or raises")

    def _put(self, note: Note, condition: dict[str, str]) -> Any:
        return self.client.put_object(
            Bucket=self.bucket,
            Key=self.key,
            Body=note.text().encode(),
            ContentType="application/json",
            **condition,
        )

    def _refusal(self, error: ClientError) -> ReconcilerError:
        if code(error) in {*OTHERWISE, "ConditionalRequestConflict"}:
            return Conflict(str(error))
        if code(error) == "NoSuchBucket":
            return Absent(f"the bucket {self.bucket} does not exist")
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            return Lost(str(error))
        return Refused(f"the lease {self} cannot be written ({error}), so nothing was changed")

    def _unread(self, error: Exception) -> Refused:
        return Refused(
            f"the lease {self} cannot be read ({error}), so nobody knows whether another run is "
            "under way: nothing was changed"
        )


def _seen(note: Note, answer: Any) -> Seen:
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    now = parsedate_to_datetime(headers["date"]) if "date" in headers else datetime.now(UTC)
    until = answer["LastModified"] + timedelta(seconds=note.seconds)
    return Seen(note, answer["ETag"], until, (until - now).total_seconds())
