"""A run's hold on its environment: looked at, taken, renewed, watched by its own clock, given back.

What was free when the run looked must be so still, unwritten, when it takes it: so no plan is
applied that another run has overtaken."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from reconciler.aws.operations import reads
from reconciler.errors import Held, LeaseLost, ReconcilerError, Refused
from reconciler.lease.note import Note, instant
from reconciler.lease.store import Absent, Conflict, Lost, Seen, Store
from reconciler.stop import Stop

LENGTH = 300
"""Seconds that a lease holds from its last renewal: so long others wait for a run that died."""
MARGIN = 30.0
"""Seconds before its end in which nothing is written any more: a call may take as long."""
BEAT = 20.0
"""Seconds between renewals."""

Tell = Callable[[str], None]


class Lease:
    """One run's lease. Once it is lost or given back, its guard lets no write pass."""

    def __init__(self, store: Store, run: str, owner: str, stop: Stop, tell: Tell) -> None:
        self.store, self.stop, self.tell = store, stop, tell
        self.absent = False
        """The bucket does not exist yet."""
        self.note = Note(run, owner, instant(), LENGTH)
        self._before: Seen | None = None
        self._etag = ""
        self._monotonic = self._wall = self._confirmed = 0.0
        """When it ends by our clocks, of which the first stands still while a machine sleeps."""
        self._lock = threading.RLock()
        self._over = threading.Event()

    @property
    def address(self) -> str:
        """Where the lease's own bucket would be declared."""
        return f"s3.bucket/{self.store.bucket}"

    @property
    def taken(self) -> bool:
        return bool(self._etag)

    def look(self) -> None:
        """Before anything is planned. Raises Held, naming the holder."""
        try:
            self._before = self.store.read()
        except Absent:
            self.absent = True
        if self._before and self._before.held:
            raise Held(self._held_by(self._before))

    def take(self) -> None:
        """Before the first change. Raises Held, Refused where another run came in between."""
        before = self._before
        try:
            self._write(self.note, before.etag if before else "")
        except (Absent, Lost) as error:
            raise Refused(f"the lease {self.store} cannot be taken: {error}") from error
        except Conflict:
            raise self._overtaken() from None
        if before and not before.note.free:
            self.tell(f"took over the lease that {before} never gave back")
        threading.Thread(target=self._keep, name="lease", daemon=True).start()

    def guard(self, operation: str) -> None:
        """Before each call of the run. Raises LeaseLost before a write that is no longer ours."""
        if reads(operation):
            return
        if self.taken and not self.stop_due() and self._late():
            self._renew()  # whoever slept, or was kept from renewing, asks before it writes
        if self.stop_due():
            self._lose("its time is over, since it could not be renewed")
        if not self.taken or self._over.is_set():
            raise LeaseLost(f"{operation.partition('.')[2]} was not sent: {self._why()}")

    def stop_due(self) -> bool:
        """Whether by our clocks it is about to end."""
        late = time.monotonic() > self._monotonic - MARGIN or time.time() > self._wall - MARGIN
        return self.taken and late

    def release(self) -> None:
        """Give it back, if it is still ours; says so if that fails."""
        lost = self._over.is_set()
        self._over.set()
        with self._lock:
            if not self.taken or lost:
                return
            try:
                self._write(replace(self.note, free=True), self._etag)
            except ReconcilerError as error:
                self.tell(f"the lease could not be given back ({error}): it ends by itself")
            self._etag = ""

    def _write(self, note: Note, etag: str) -> None:
        """Hold it from when the request was sent: AWS counts from later."""
        monotonic, wall = time.monotonic(), time.time()
        try:
            self._etag = self.store.write(note, etag)
        except (Conflict, Lost):
            # The answer to our own first try may be what got lost.
            seen = self.store.read()
            if seen is None or seen.note != note:
                raise
            self._etag = seen.etag
        self._monotonic, self._wall = monotonic + note.seconds, wall + note.seconds
        self._confirmed = time.monotonic()

    def _late(self) -> bool:
        return time.monotonic() - self._confirmed > 2 * BEAT

    def _keep(self) -> None:
        while not self._over.wait(BEAT):
            self._renew()

    def _renew(self) -> None:
        with self._lock:
            if self._over.is_set() or self.stop_due():
                return
            try:
                self.note = replace(self.note, beat=self.note.beat + 1)
                self._write(self.note, self._etag)
            except (Conflict, Absent):
                self._lose(self._by_whom())
            except ReconcilerError:
                return  # until its end is near there is time to try again

    def _lose(self, why: str) -> None:
        if not self._over.is_set():
            self._over.set()
            self.stop(f"the lease was lost: {why}")

    def _why(self) -> str:
        return self.stop.why or "this run does not hold the lease"

    def _by_whom(self) -> str:
        try:
            seen = self.store.read()
        except ReconcilerError as error:
            return str(error)
        if seen is None:
            return f"somebody took {self.store} away"
        return "somebody released it" if seen.note.free else f"it is held by {seen}"

    def _held_by(self, seen: Seen) -> str:
        run, name = seen.note.run, self.store.key.partition("/")[2].removesuffix(".json")
        return (
            f"{name} is held by {seen}, so nothing was changed. Wait for it; if it is surely dead: "
            f"muvi-converge lock release --env {name} --run {run}"
        )

    def _overtaken(self) -> Refused:
        seen = self.store.read()
        if seen and seen.held:
            return Held(self._held_by(seen))
        other = f"run {seen.note.run} of {seen.note.owner}" if seen else "another run"
        return Refused(
            f"{other} was at work since this run looked, so its plan may be out of date: nothing "
            "was changed. Run it again"
        )
