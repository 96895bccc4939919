"""The lease's object: read with its age by AWS's own clock, written only if it is as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from reconciler.aws.conditional import TRIES, Absent, Conditional, Conflict, Lost
from reconciler.errors import Refused
from reconciler.lease.note import Note, instant, read

__all__ = ["TRIES", "Absent", "Conflict", "Lost", "Seen", "Store"]


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
        self._object = Conditional(client, bucket, self.key)

    def __str__(self) -> str:
        return str(self._object)

    def read(self) -> Seen | None:
        """What stands there; None: nobody ever held it. Raises Absent, and Refused if unread."""
        try:
            found = self._object.read()
            return _seen(read(found.text), found.answer) if found else None
        except (Refused, ValueError) as error:
            raise Refused(
                f"the lease cannot be read: {error}. So nobody knows whether another run is "
                "under way: nothing was changed"
            ) from error

    def write(self, note: Note, etag: str) -> str:
        """Replace what was read as `etag`, or nothing where that is empty; the new etag.

        Raises Conflict, Absent, Lost where no answer came, and Refused."""
        try:
            return self._object.write(note.text(), etag)
        except Refused as error:
            raise Refused(f"the lease: {error}, so nothing was changed") from error


def _seen(note: Note, answer: Any) -> Seen:
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    now = parsedate_to_datetime(headers["date"]) if "date" in headers else datetime.now(UTC)
    until = answer["LastModified"] + timedelta(seconds=note.seconds)
    return Seen(note, answer["ETag"], until, (until - now).total_seconds())
