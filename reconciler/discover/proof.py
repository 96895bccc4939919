"""Drafts are loaded and planned before anybody sees them: a plan right after must be empty.

What does not stand the proof goes: first references become plain values, then a property is left
out and named, at last the whole object is put aside."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import networkx as nx

from reconciler.discover.drafts import Draft, Secret
from reconciler.discover.files import Additions, added
from reconciler.discover.known import Known, Thing
from reconciler.discover.looking import Aside
from reconciler.discover.names import thing
from reconciler.discover.sections import Homes
from reconciler.discover.written import Writer, dumped
from reconciler.errors import Cycle, InvalidDesired, Problem
from reconciler.load import Declared, load
from reconciler.load.hints import Hint
from reconciler.load.hints import named as named_by
from reconciler.model import Action, Asked, top
from reconciler.plan.estate import Estate
from reconciler.plan.graph import joined
from reconciler.plan.observe import FAILURES
from reconciler.plan.planner import decide

QUIET = {Action.NO_OP, Action.WAIT}
MARK = "tags.muvi-converge:"
PROPERTY = re.compile(r" {4}['\"]?([\w$:-]+)['\"]?:")
WORDS = re.compile(r"[^A-Za-z0-9]+")


@dataclass
class Proof:
    """Drafts on their way to stand the proof."""

    estate: Estate
    drafts: dict[str, Draft]
    aside: list[Aside] = field(default_factory=list)
    additions: Additions = field(default_factory=Additions)

    def __post_init__(self) -> None:
        environment = self.estate.environment
        declared = {
            address: Thing(address, self.estate.facts(address), one.id, one.properties)
            for address, one in self.estate.seen.items()
            if one
        }
        self._known = Known([*declared.values(), *map(thing, self.drafts.values())], environment)
        self._home = Homes(environment.folder, self.estate.resources.values())
        self._hints: dict[tuple[str, str], str] = {}
        self._refused: set[tuple[str, str, str]] = set()
        """References that would make a ring: whose, in which property, to whom."""
        self._inputs: dict[tuple[str, tuple[str, ...]], str] = {}

    def __call__(self) -> Proof:
        """Every round takes something away that did not stand, until all that is left does."""
        while not self._stands():
            pass
        return self

    def _stands(self) -> bool:
        self.additions = self._written()
        home = self.estate.environment.folder
        try:
            texts = self.additions.texts
            declared = load(home.parent, home.name, texts=texts, bare=True)
        except InvalidDesired as error:
            self._correct(error.problems)
            return False
        return not (self._hinted(declared) or self._unringed(declared) or self._differing(declared))

    def _written(self) -> Additions:
        environment, used = self.estate.environment, {}

        def given(draft: Draft, secret: Secret) -> str:
            name = self._input(draft, secret)
            used[name] = _source(environment.name, name, draft, secret)
            return f"${{input.{name}}}"

        writer = Writer(self._known, environment, self._allowed, given, self._hints)
        homes: dict[Path, list[Draft]] = defaultdict(list)
        for draft in self.drafts.values():
            homes[self._home(draft.kind)].append(draft)
        documents = {file: writer.document(those) for file, those in homes.items()}
        inputs = dumped(dict(sorted(used.items()))) if used else ""
        return added(environment, documents, inputs)

    def _allowed(self, draft: Draft, name: str, other: str) -> bool:
        """Whether a property may refer to an address."""
        if name in draft.plainly or (draft.address, name, other) in self._refused:
            return False
        if other == draft.address:
            return name in draft.handler.deferred
        return other in self.drafts or other in self.estate.resources

    def _input(self, draft: Draft, secret: Secret) -> str:
        place = draft.address, secret.trail
        if place not in self._inputs:
            words = WORDS.sub("_", "_".join([draft.name, *secret.trail])).strip("_").lower()
            taken = {*self._inputs.values(), *self.estate.environment.inputs}
            name, number = words, 1
            while name in taken:
                number += 1
                name = f"{words}_{number}"
            self._inputs[place] = name
        return self._inputs[place]

    def _correct(self, problems: Sequence[Problem]) -> None:
        """Leave out what the loader refuses. InvalidDesired where it is not of our writing."""
        strange = [each for each in problems if each.address not in self.drafts]
        if len(strange) == len(problems):
            raise InvalidDesired(strange)
        for problem in problems:
            if draft := self.drafts.get(problem.address):
                self._leave_out(draft, self._property(problem), problem.what)

    def _property(self, problem: Problem) -> str:
        """The property that a problem is about; empty if it is about the whole entry."""
        source = problem.source
        lines = self.additions.texts.get(Path(source.file), "").split("\n") if source else []
        for line in reversed(lines[: source.line if source else 0]):
            if found := PROPERTY.match(line):
                return found[1]
            if re.match(r" {0,3}\S", line):
                return ""
        return ""

    def _leave_out(self, draft: Draft, name: str, why: str) -> None:
        """A property, or the object where it cannot do without."""
        if name and name in draft.left:
            return
        whole = (*draft.handler.key, draft.handler.naming)
        if name and name in draft.properties and name not in map(top, whole):
            self.drafts[draft.address] = draft.without(name, why)
        else:
            self._put_aside(draft, why)

    def _put_aside(self, draft: Draft, why: str) -> None:
        self.drafts.pop(draft.address, None)
        kind, region, found = draft.kind, draft.region, draft.found
        self.aside.append(Aside(kind, region, found.id, draft.owner, why))

    def _hinted(self, declared: Declared) -> bool:
        """References where the loader would warn that one could stand."""
        fresh = {
            (hint.resource.address, hint.path): hint.reference
            for hint in named_by(declared.resources)
            if not hint.by_arn and self._may_follow(hint)
        }
        self._hints |= fresh
        return bool(fresh)

    def _may_follow(self, hint: Hint) -> bool:
        draft = self.drafts.get(hint.resource.address)
        if draft is None or (draft.address, hint.path) in self._hints:
            return False
        return self._allowed(draft, top(hint.path), hint.other)

    def _unringed(self, declared: Declared) -> bool:
        """Take out references in which resources would wait for each other."""
        estate = self._estate(declared)
        wanted = {address: each.properties for address, each in estate.resources.items()}
        graph = joined(estate.references, estate.facts, {}, wanted.__getitem__)
        if nx.is_directed_acyclic_graph(graph):
            return False
        for first, then in nx.find_cycle(graph):
            name = graph.edges[first, then]["why"]
            draft = self.drafts.get(then.address)
            if draft and name in draft.properties:
                self._refused.add((draft.address, name, first.address))
                self._hints = {
                    place: text
                    for place, text in self._hints.items()
                    if place[0] != draft.address or top(place[1]) != name
                }
                return True
        raise Cycle([Problem(None, "", "what is declared already waits for itself in a ring")])

    def _differing(self, declared: Declared) -> bool:
        """Take out what a plan would change."""
        estate = self._estate(declared)
        found = False
        for draft in list(self.drafts.values()):
            if names := list(self._changed(estate, draft)):
                found = True
                self._weaken(draft, names)
        return found

    def _estate(self, declared: Declared) -> Estate:
        """What a plan would see: the same answers of AWS under the new YAML."""
        estate = self.estate.reread(declared, Asked)
        for address, draft in self.drafts.items():
            estate.seen[address] = draft.observed
        return estate

    def _changed(self, estate: Estate, draft: Draft) -> Iterator[str]:
        """The properties that a plan would change; its reason where there are none."""
        try:
            missed = self._missed(estate, draft)
            decision = decide(estate, draft.address, estate.resources)
        except FAILURES as error:
            yield f"!{error}"
            return
        if missed:
            yield f"!{missed}"
            return
        given = {f"tags.{name}" for name in estate.environment.tags}
        written = (each.path for each in decision.diff if not each.path.startswith(MARK))
        diff = [path for path in written if path not in given]
        if decision.action not in QUIET and (diff or decision.action not in ADOPTS):
            yield from {top(path) for path in diff} or {f"!{decision.reason}"}

    def _missed(self, estate: Estate, draft: Draft) -> str:
        """What is wrong with how a plan would find the object; empty if it finds just this one."""
        desired = estate.desired(draft.address)
        found = estate.index(draft.kind, draft.region).locate(desired, "", None)
        if found is None:
            return "a plan would not find it by what its YAML says"
        return "" if found.id == draft.found.id else f"a plan would take {found.id} for it"

    def _weaken(self, draft: Draft, names: Iterable[str]) -> None:
        for name in names:
            draft = self.drafts.get(draft.address, draft)
            if name.startswith("!"):
                self._put_aside(draft, name[1:])
            elif name in draft.properties and name not in draft.plainly:
                self.drafts[draft.address] = replace(draft, plainly=draft.plainly | {name})
            else:
                self._leave_out(draft, name, "AWS would not answer it as it would be written")


ADOPTS = {Action.ADOPT, Action.UPDATE}
"""What writes our tags to an object, and nothing else if nothing else differs."""


def _source(environment: str, name: str, draft: Draft, secret: Secret) -> dict[str, Any]:
    what = " ".join(secret.trail)
    variable = WORDS.sub("_", f"MUVI_{environment}_{name}").upper()
    return {"description": f"{what} of {draft.address}.", "env": variable}
