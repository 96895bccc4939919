"""What was done to an environment: journals, and between them what CloudTrail tells of others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reconciler.actors import Change, Kind, Ours, changes, regions
from reconciler.aws import Aws
from reconciler.journal import past
from reconciler.journal.document import moment, stamp
from reconciler.journal.line import Line, Past
from reconciler.journal.places import Place, Unkept
from reconciler.load import Environment

OF_NOBODY = {Kind.AWS, Kind.UNKNOWN}
"""Of their changes only those are told that touch an object we know: AWS makes thousands."""
OTHERS = "{} changes by AWS and by unknown sessions touch nothing that is known here: left out"
UNREAD = "{} journals are left out: {}"


@dataclass(frozen=True)
class History:
    """Runs and others' changes, the oldest first, and what is to be known about them."""

    runs: tuple[Past, ...]
    others: tuple[Line, ...]
    notes: tuple[str, ...]


@dataclass
class Reader:
    """Reads journals of one environment, of each run the one that tells most."""

    environment: Environment
    aws: Aws
    places: Sequence[Place]
    """The first is where all of them should be."""
    since: str
    holder: str
    """The run that is under way now."""

    def __post_init__(self) -> None:
        self.notes: list[str] = []
        self._odd: Counter[str] = Counter()

    def read(self) -> list[Past]:
        documents: dict[str, past.Told] = {}
        for place in self.places:
            keys = [each for each in self._keys(place) if not _ended(documents.get(each))]
            for key, document in zip(keys, self._documents(place, keys), strict=True):
                if document is not None and (key not in documents or _ended(document)):
                    documents[key] = document
        self.notes += [UNREAD.format(n, why) for why, n in self._odd.items()]
        return sorted(self._pasts(documents.values()), key=lambda each: (each.when, each.run))

    def _keys(self, place: Place) -> list[str]:
        try:
            return place.keys(self.environment.name, self.since)
        except Unkept as error:
            self.notes.append(str(error))
            return []

    def _documents(self, place: Place, keys: Iterable[str]) -> list[past.Told | None]:
        def read(key: str) -> past.Told | Exception:
            try:
                return past.opened(place.get(key))
            except (ValueError, Unkept) as error:
                return error

        return [self._ours(each) for each in self.aws.at_once(read, keys)]

    def _ours(self, answer: past.Told | Exception) -> past.Told | None:
        if isinstance(answer, Exception):
            self._odd[str(answer)] += 1
            return None
        return answer if answer.get("account") == self.environment.account else None

    def _pasts(self, documents: Iterable[past.Told]) -> Iterator[Past]:
        for each in documents:
            try:
                yield past.past(each, self.holder)
            except ValueError as error:
                self.notes.append(UNREAD.format(1, error))


def _ended(document: past.Told | None) -> bool:
    return document is not None and past.ended(document)


def gathered(
    environment: Environment,
    aws: Aws,
    places: Sequence[Place],
    holder: str,
    since: datetime,
    addresses: Collection[str],
) -> History:
    """All that happened since. `addresses`: what the YAML declares."""
    reader = Reader(environment, aws, places, stamp(since), holder)
    runs, notes = reader.read(), reader.notes
    ours = Ours(
        role=environment.role,
        runs={each.run for each in runs},
        requests=frozenset().union(*(each.requests for each in runs)) - {""},
    )
    found = changes(
        aws, regions(environment.region), [], since, ours=ours, tell=reader.notes.append
    )
    named = _Names(runs, addresses)
    told = [_line(each, named.of(each)) for each in found if each.request_id not in ours.requests]
    known = [each for each in told if each.by not in OF_NOBODY or each.object in named.addresses]
    if len(known) < len(told):
        notes.append(OTHERS.format(len(told) - len(known)))
    return History(tuple(runs), tuple(reversed(known)), tuple(notes))


class _Names:
    """Addresses, by whatever CloudTrail may call their objects."""

    def __init__(self, runs: Iterable[Past], addresses: Collection[str]) -> None:
        self._ids: Mapping[str, str] = {id: one for run in runs for id, one in run.ids.items()}
        self.addresses = {*addresses, *self._ids.values()}
        self._named: dict[str, list[str]] = {}
        for each in self.addresses:
            self._named.setdefault(each.partition("/")[2], []).append(each)

    def of(self, change: Change) -> str:
        """The address, or the name that CloudTrail has."""
        service = change.operation.partition(".")[0]
        for told in (change.object, *sorted(change.names)):
            for name in _ends(told):
                if address := self._ids.get(name) or self._declared(name, service):
                    return address
        return change.object

    def _declared(self, name: str, service: str) -> str:
        """Where several are called so, the one of that service, if it is one."""
        every = self._named.get(name, [])
        if len(every) > 1:
            every = [each for each in every if each.partition(".")[0] == service]
        return every[0] if len(every) == 1 else ""


def _ends(told: str) -> Iterator[str]:
    yield told
    yield from (told[at + 1 :] for at, each in enumerate(told) if each in ":/")


def _line(change: Change, named: str) -> Line:
    return Line(
        when=moment(change.when),
        by=change.kind,
        who=change.actor,
        action=change.operation,
        object=named,
        requests=(change.request_id,) if change.request_id else (),
    )
