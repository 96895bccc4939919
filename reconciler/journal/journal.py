"""One run's journal: begun before its first change, kept up while it runs, ended in any case."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from reconciler.aws.recorded import Recorded
from reconciler.errors import Refused
from reconciler.journal.document import (
    FORMAT,
    Document,
    bounded,
    calls,
    key,
    moment,
    steps,
    written,
)
from reconciler.journal.places import Place, Unkept
from reconciler.report.entries import exit_code
from reconciler.report.secrets import Masker
from reconciler.result import Result
from reconciler.stop import Stop

BEAT = 20.0
"""Seconds between looks whether there is more to keep: so much of a killed run is lost at most."""

PLAIN = ("address", "type", "name", "region", "action", "status", "source")
"""Of a step: what the YAML and we ourselves say of it."""

Tell = Callable[[str], None]
Shown = Callable[[Result], Result]


@dataclass
class Journal:
    """What a run did. Nothing here ends a run that has changed something; what fails is told."""

    head: Mapping[str, Any]
    """Who runs what: environment, account, run, and more that the document begins with."""
    recorded: Recorded
    bucket: Place | None
    folder: Place | None
    shown: Shown
    """The result without the secrets of objects."""
    inputs: Mapping[str, Any]
    """What stands nowhere in it, wherever it went."""
    masker: Masker
    stop: Stop
    tell: Tell
    unkept: bool = False
    """Whether it is not where environment.yaml wants it."""
    _began: datetime = field(default_factory=lambda: datetime.now(UTC))
    _document: Document = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)
    _told: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def key(self) -> str:
        return key(self.head["environment"], self.head["run"], self._began)

    def begin(self, result: Result) -> None:
        """Before the first change, as far as there is a bucket yet: a killed run shall show."""
        self._document = {**self._of(result), "status": "running"}
        self._keep(self.folder)

    def share(self) -> None:
        """Once the lease is ours. Raises Refused where the bucket does not take it."""
        if self.bucket:
            try:
                self.bucket.put(self.key, self._text())
            except Unkept as error:
                raise Refused(f"no journal, no change: {error}. So this run ends here") from error
        threading.Thread(target=self._keep_up, name="journal", daemon=True).start()

    def noted(self, result: Result) -> Result:
        """A run that had nothing to do."""
        self._document = self._of(result)
        return self.end(result)

    @contextmanager
    def kept(self) -> Iterator[Callable[[Result], Result]]:
        """In here the run changes something; what comes out is told to what this gives."""
        try:
            yield self.end
        except BaseException as error:
            status = "refused" if isinstance(error, Refused) else "failed"
            self._end(self._document, {"status": status, "why": type(error).__name__, "exit": 1})
            raise

    def end(self, result: Result) -> Result:
        """What became of it: the last word, in each place."""
        status = {"status": "stopped", "why": self.stop.why} if self.stop else {"status": "done"}
        code = 1 if self.stop else exit_code(result)
        self._end(self._of(result), {**status, "exit": code})
        return result

    def _end(self, document: Document, fate: Mapping[str, Any]) -> None:
        if not document or self._over.is_set():
            return  # it was never begun, so nothing was changed
        self._over.set()
        with self._lock:
            ended = {"ended": moment(datetime.now(UTC))}
            self._document = {**document, **fate, **ended}
            shared, here = self._keep(self.bucket), self._keep(self.folder)
        self.unkept = self.bucket is not None and not shared
        if not shared and not here:
            self.tell(f"nothing keeps the journal of this run, so here it is: {self._text()}")

    def _of(self, result: Result) -> Document:
        every = [self._hidden(each) for each in steps(self.shown(result))]
        return {
            "format": FORMAT,
            **self.head,
            "began": moment(self._began),
            "ended": None,
            "status": "",
            "why": "",
            "exit": None,
            "seconds": round(result.seconds, 3),
            "steps": bounded(every),
        }

    def _hidden(self, step: Document) -> Document:
        """A step without inputs, wherever they went; where it stands in the YAML is no secret."""
        rest = {name: value for name, value in step.items() if name not in PLAIN}
        return {**step, **self.masker.without(rest, self.inputs)}

    def _text(self) -> str:
        return written({**self._document, **calls(self.recorded)})

    def _keep(self, place: Place | None) -> bool:
        """Whether it is kept there now. Says so where it is not, once a place."""
        if place is None:
            return False
        try:
            place.put(self.key, self._text())
        except Unkept as error:
            if str(place) not in self._told:
                self._told.add(str(place))
                self.tell(f"the journal: {error}")
            return False
        return True

    def _keep_up(self) -> None:
        known = 0
        while not self._over.wait(BEAT):
            now = len(self.recorded)
            with self._lock:  # so that the last word stays the last
                if now != known and not self._over.is_set():
                    self._keep(self.bucket)
                    self._keep(self.folder)
            known = now


@dataclass
class Nowhere:
    """The journal of a run that changes nothing."""

    unkept: bool = False

    def begin(self, result: Result) -> None: ...
    def share(self) -> None: ...

    def noted(self, result: Result) -> Result:
        return result

    @contextmanager
    def kept(self) -> Iterator[Callable[[Result], Result]]:
        yield self.noted
