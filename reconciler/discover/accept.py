"""Drift that people accept: what AWS has is written where the YAML says something else.

Only the values that differ are touched, where they stand. What would change more than this one
resource, or could not be read back as AWS has it, is refused, with the place and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from yaml import ScalarNode, SequenceNode

from reconciler.aws import Aws
from reconciler.aws.clients import THREADS
from reconciler.discover.drafts import Secret, whole
from reconciler.discover.edits import Edit, Page, Place, Unfit, appended, edited, replaced, without
from reconciler.discover.files import Additions, read
from reconciler.discover.known import Known, Thing
from reconciler.discover.written import dumped, inline
from reconciler.errors import InvalidDesired, Usage
from reconciler.load import Declared, load
from reconciler.load.files import ENVIRONMENT
from reconciler.model import Asked, Change, FieldChange, Observed, Source, Unknown, top
from reconciler.overlay import Overlay, place, same
from reconciler.plan.estate import Estate
from reconciler.plan.observe import observe
from reconciler.plan.planner import tag_changes
from reconciler.plan.unnamed import candidates

Edits = dict[Path, list[Edit]]
MARKED = "tags.muvi-converge:"


def accept(declared: Declared, aws: Aws, address: str, threads: int = THREADS) -> Additions:
    """The files as they would be, had the YAML of this resource said what AWS has.

    Nothing where they agree. Reading calls only. Usage if it cannot be written."""
    if address not in declared.resources:
        raise Usage(f"{address} is not declared, so no drift of it can be accepted")
    estate = Estate(declared, aws, "acceptance", Asked)
    with ThreadPoolExecutor(threads) as pool:
        observe(estate, list(estate.resources), pool)
    if address in estate.failed:
        raise estate.failed[address]
    observed = estate.seen[address]
    if observed is None:
        raise Usage(_nothing(estate, address))
    change = estate.change(address, observed)
    if not change.fields and not list(tags(change)):
        return Additions()
    return _Acceptance(estate, address, observed, change)()


def _nothing(estate: Estate, address: str) -> str:
    """Why there is nothing to accept, and what to do."""
    if ids := candidates(estate).get(address):
        return (
            f"nobody has told us yet which one {address} is; it may be {', '.join(ids)}: "
            "write its name there, take out $unnamed, and accept then"
        )
    return f"AWS has no {address}, so there is nothing to accept; take it out of the YAML"


def tags(change: Change) -> Iterator[FieldChange]:
    """The tags that differ, but for those that are the engine's."""
    return (each for each in tag_changes(change) if not each.path.startswith(MARKED))


class _Acceptance:
    """The changes of one resource's YAML."""

    def __init__(self, estate: Estate, address: str, observed: Observed, change: Change) -> None:
        self._estate, self._address, self._observed = estate, address, observed
        self._resource, self._handler = estate.resources[address], estate.handler(address)
        self._overlay: Overlay = estate.overlay(address)
        self._differing = {place(each.path).removesuffix("[]") for each in change.fields}
        self._names, self._tags = sorted(change.names), list(tags(change))
        self._has = whole(self._resource.type, self._handler, observed)
        things = (
            Thing(one, estate.facts(one), seen.id, seen.properties)
            for one, seen in estate.seen.items()
            if seen
        )
        self._known = Known(things, estate.environment)
        self._pages: dict[Path, Page] = {}

    def __call__(self) -> Additions:
        """Value by value; a property whole where that does not do."""
        whole = set(self._handler.policies)  # which AWS answers in a spelling of its own
        while True:
            try:
                return self._proven(self._edits(whole))
            except Unfit as error:
                if error.name in whole or error.name not in self._names:
                    raise self._refused(error.name or self._path, str(error)) from None
                whole.add(error.name)

    def _edits(self, whole: Set[str]) -> Edits:
        edits = self._retagged()
        resolved = self._estate.written(self._address)
        for name in self._names:
            try:
                for file, edit in self._property(name, resolved.get(name), name in whole):
                    edits.setdefault(file, []).append(edit)
            except Unfit as error:
                raise Unfit(str(error), name) from error
        return edits

    def _property(self, name: str, wanted: Any, whole: bool) -> Iterator[tuple[Path, Edit]]:
        if whole:
            yield self._value(name, self._has.get(name))
            return
        said = self._resource.properties
        exact = self._exact(said, name)
        yield from self._walk(name, said.get(name), wanted, self._has.get(name), exact)

    def _retagged(self) -> Edits:
        edits: Edits = {}
        for each in self._tags:
            name = each.path.removeprefix("tags.")
            if f"Tags.{name}" not in self._resource.places:
                what = f"the name, or environment.yaml for all, says what the tag {name} is"
                raise self._refused("Tags", f"{what}: write it into the entry under Tags")
            file, edit = self._value(f"Tags.{name}", each.before)
            edits.setdefault(file, []).append(edit)
        return edits

    def _walk(
        self, path: str, raw: Any, wanted: Any, has: Any, exact: bool | None
    ) -> Iterator[tuple[Path, Edit]]:
        """The edits below one path: `raw` as written, `wanted` with its references resolved."""
        if isinstance(wanted, Unknown) or not self._touched(path) or _equal(wanted, has):
            return
        match raw, wanted, has:
            case Mapping(), Mapping(), Mapping():
                for (name, each), value in zip(raw.items(), wanted.values(), strict=True):
                    if not name.startswith("$"):
                        below = self._exact(raw, name)
                        yield from self._walk(f"{path}.{name}", each, value, has.get(name), below)
            case list(), list(), list():
                yield from self._members(path, raw, wanted, has, exact)
            case _:
                yield self._value(path, has)

    def _exact(self, around: Mapping[str, Any], name: str) -> bool | None:
        return name in around["$exact"] if "$exact" in around else None

    def _touched(self, path: str) -> bool:
        """Whether something differs at this place, below it or around it."""
        here = place(path)
        return any(
            here == each or here.startswith(f"{each}.") or each.startswith(f"{here}.")
            for each in self._differing
        )

    def _members(
        self, path: str, raw: list[Any], wanted: list[Any], has: list[Any], exact: bool | None
    ) -> Iterator[tuple[Path, Edit]]:
        """Members that differ, are gone, or are more than the YAML says."""
        pairs = self._overlay.paired(has, wanted, path)
        gone = {number for number in range(len(wanted)) if number not in pairs}
        more = [each for number, each in enumerate(has) if number not in pairs.values()]
        if not self._overlay.is_exact(path, exact):
            more = []
        for number, found in pairs.items():
            below = f"{path}[{number}]"
            yield from self._walk(below, raw[number], wanted[number], has[found], None)
        if not gone and not more:
            return
        file, page, stands = self._stands(path)
        series = stands.value
        if not isinstance(series, SequenceNode) or len(series.value) != len(wanted):
            raise Unfit("it is no list of its own")
        if len(gone) == len(wanted):  # nothing of it stays: what is there takes its place
            yield self._value(path, has if more else [])
            return
        for edit in without(page, series, gone):
            yield file, edit
        if said := [self._said(path, each) for each in more]:
            yield file, appended(page, series, [(inline(each), dumped(each)) for each in said])

    def _value(self, path: str, has: Any) -> tuple[Path, Edit]:
        """One value in the place of another."""
        file, page, stands = self._stands(path)
        written = page.text[stands.value.start_mark.index : stands.value.end_mark.index]
        said = self._said(path, has)
        if "${" in written and isinstance(stands.value, ScalarNode) and "${" not in str(said):
            raise self._refused(
                path, f"it stands as {written}, and what AWS has is no object that we know"
            )
        return file, replaced(page, stands, inline(said, like=stands.value), dumped(said))

    def _said(self, path: str, value: Any) -> Any:
        """What AWS has, in the language of the YAML."""
        match value:
            case Secret():
                raise self._refused(path, "its value is a secret, and never stands in YAML")
            case str():
                name = top(path)
                return self._known.spoken(value, lambda other: self._may(name, other))
            case Mapping():
                return {key: self._said(path, each) for key, each in value.items()}
            case list():
                return [self._said(path, each) for each in value]
        return value

    def _may(self, name: str, other: str) -> bool:
        return other != self._address or name in self._handler.deferred

    def _stands(self, path: str) -> tuple[Path, Page, Place]:
        """Where a value stands in the files."""
        where = self._resource.places.get(path)
        if where is None:
            raise self._refused(path, "it stands nowhere in the files")
        file = Path(where.file)
        if file.name == ENVIRONMENT and not self._of_a_table(where):
            raise self._refused(path, f"it comes from {where}, where much else comes from")
        if file not in self._pages:
            self._pages[file] = Page(read(file) or "")
        page = self._pages[file]
        found = page.at(where.line, where.column)
        if found is None:
            raise Unfit("its place was not found")
        return file, page, found

    def _of_a_table(self, where: Source) -> bool:
        places = self._estate.environment.places.items()
        return any(path.startswith("tables.") for path, each in places if each == where)

    def _proven(self, edits: Edits) -> Additions:
        """The files with these edits, if they say of this resource what AWS has, and of all
        others what they said before."""
        before = {file: self._pages[file].text for file in edits}
        texts = {file: edited(before[file], each) for file, each in edits.items()}
        home = self._estate.environment.folder
        try:
            declared = load(home.parent, home.name, texts=texts)
        except InvalidDesired as error:
            raise Unfit(str(error.problems[0].what)) from error
        self._refuse_others(declared)
        estate = self._estate.reread(declared, Asked)
        change = estate.change(self._address, self._observed)
        for left in (*change.fields, *tags(change)):
            raise Unfit("it would not be read back as AWS has it", top(left.path))
        return Additions({}, texts, before)

    def _refuse_others(self, declared: Declared) -> None:
        old, new = self._estate.resources, declared.resources
        others = sorted(
            address
            for address in {*old, *new} - {self._address}
            if address not in old
            or address not in new
            or (old[address].properties, old[address].tags)
            != (new[address].properties, new[address].tags)
        )
        if others or not same(_kept(old, self), _kept(new, self)):
            more = f", such as {others[0]}" if others else ""
            raise self._refused(
                self._path,
                f"what says it there says it of others, too{more}: write it for this one alone",
            )

    @property
    def _path(self) -> str:
        """The first place in which something differs."""
        return (self._names or ["Tags"])[0]

    def _refused(self, path: str, why: str) -> Usage:
        where = self._resource.place(path)
        return Usage(f"{where}: {self._address}: {path} was not accepted: {why}")


def _kept(resources: Mapping[str, Any], acceptance: _Acceptance) -> dict[str, Any]:
    """What the YAML says of the resource besides what is accepted."""
    said = resources[acceptance._address].properties
    return {name: each for name, each in said.items() if name not in acceptance._names}


def _equal(wanted: Any, has: Any) -> bool:
    return same(wanted, has.text if isinstance(has, Secret) else has)
