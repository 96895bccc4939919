"""One object in a bucket, which is written only if it is still as it was read.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from reconciler.aws.failures import code
from reconciler.errors import ReconcilerError, Refused

TRIES = 4
UNANSWERED = (BotoCoreError, ConnectionError, HTTPClientError)
OTHERWISE = {"PreconditionFailed", "NoSuchKey"}
"""What a condition that does not hold is answered with; a key that is gone is 404."""
AT_ONCE = "ConditionalRequestConflict"
"""What AWS says where two write at the same time, and asks to try again."""


class Absent(ReconcilerError):
    """The bucket does not exist."""


class Conflict(ReconcilerError):
    """The object is no longer as it was when we read it."""


class Lost(ReconcilerError):
    """Whether the object was written nobody knows: its answer never came."""


@dataclass(frozen=True)
class Text:
    """What stands in the object, and the answer that it came with."""

    text: str
    answer: Any

    @property
    def etag(self) -> str:
        return str(self.answer["ETag"])


@dataclass(frozen=True)
class Conditional:
    """The object of one key."""

    client: Any
    bucket: str
    key: str

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    def read(self) -> Text | None:
        """None where there is none. Raises Absent, and Refused where it cannot be read."""
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=self.key)
            return Text(answer["Body"].read().decode(), answer)
        except ClientError as error:
            if code(error) == "NoSuchKey":
                return None
            if code(error) == "NoSuchBucket":
                raise Absent(f"the bucket {self.bucket} does not exist") from error
            raise Refused(f"{self} cannot be read ({error})") from error
        except (*UNANSWERED, ValueError) as error:
            raise Refused(f"{self} cannot be read ({error})") from error

    def write(self, text: str, etag: str) -> str:
        """Replace what was read as `etag`, or nothing where that is empty; the new etag.

        Raises Conflict, Absent, Lost where no answer came, and Refused."""
        condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        for attempt in range(1, TRIES + 1):
            try:
                return str(self._put(text, condition)["ETag"])
            except ClientError as error:
                if code(error) == AT_ONCE and attempt < TRIES:
                    time.sleep(0.2 * attempt)
                    continue
                raise self._refusal(error) from error
            except UNANSWERED as error:
                raise Lost(str(error)) from error
        raise AssertionError("the last attempt returns or raises")

    def _put(self, text: str, condition: dict[str, str]) -> Any:
        return self.client.put_object(
            Bucket=self.bucket,
            Key=self.key,
            Body=text.encode(),
            ContentType="application/json",
            **condition,
        )

    def _refusal(self, error: ClientError) -> ReconcilerError:
        if code(error) in {*OTHERWISE, AT_ONCE}:
            return Conflict(f"{self} was written by somebody else meanwhile")
        if code(error) == "NoSuchBucket":
            return Absent(f"the bucket {self.bucket} does not exist")
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            return Lost(str(error))
        return Refused(f"{self} cannot be written ({error})")
