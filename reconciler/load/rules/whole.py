"""Everything declared, as rules ask for it: references followed, what nobody knows left open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import jmespath

from reconciler.errors import InvalidDesired
from reconciler.load import facts
from reconciler.load.declared import Resource
from reconciler.load.references import REFERENCE, leading, resolve, split
from reconciler.load.rules.place import Place
from reconciler.model import UNKNOWN, Properties

Made = TypeVar("Made")


class Whole:
    """The resources of one environment, but those that shall be absent."""

    def __init__(self, resources: Mapping[str, Resource], exact: bool = True) -> None:
        self.exact = exact
        """Whether what the YAML does not mention is not there; else nobody knows."""
        self.resources = {address: each for address, each in resources.items() if not each.absent}
        self._kinds: dict[str, list[Place]] = defaultdict(list)
        for each in self.resources.values():
            self._kinds[each.type].append(self.place(each))
        self.claims: dict[tuple[str, ...], Place] = {}
        """Who said first what only one may say."""
        self._called: dict[str, dict[str, Place]] = {}
        self._values: dict[tuple[str, str], Any] = {}
        self._made: dict[Any, Any] = {}

    def every(self, kind: str) -> list[Place]:
        """Every resource of a type; none of a type that there is not."""
        return self._kinds[kind]

    def place(self, resource: Resource) -> Place:
        return Place(self, resource, "", resource.properties)

    def called(self, kind: str) -> Mapping[str, Place]:
        """The resources of a type by the name that AWS knows them by, where there is one."""
        if kind not in self._called:
            naming = facts.handler(kind).naming if self.every(kind) else "tag:"
            named = [] if naming.startswith("tag:") else self.every(kind)
            self._called[kind] = {each.at(naming).text: each for each in named}
            self._called[kind].pop("", None)
        return self._called[kind]

    def once(self, make: Callable[[Whole], Made]) -> Made:
        """What `make` makes of everything, made once."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]  # type: ignore[no-any-return]

    def known(self, value: Any) -> Any:
        """The value with every reference followed; UNKNOWN where only AWS or an input knows."""
        try:
            return resolve(value, self._look, self.resources)
        except (InvalidDesired, ValueError):  # it leads nowhere, which is told elsewhere
            return UNKNOWN

    def named(self, value: Any) -> Resource | None:
        """The declared resource that a reference names, also by way of others."""
        resource, seen = None, set()
        while (found := self._referred(value)) and found not in seen:
            seen.add(found)
            resource = self.resources[found[0]]
            value = resource.properties.get(found[1])
        return resource

    def _referred(self, value: Any) -> tuple[str, str] | None:
        match = REFERENCE.fullmatch(value) if isinstance(value, str) else None
        return split(match[1] or "", self.resources) if match else None

    def _look(self, address: str, expression: str) -> Any:
        key = address, expression
        if key not in self._values:
            self._values[key] = UNKNOWN  # also for who asks in a circle
            properties = self._properties(address)
            if leading(expression) in properties:
                self._values[key] = self.known(jmespath.search(expression, properties))
        return self._values[key]

    def _properties(self, address: str) -> Properties:
        resource = self.resources.get(address)  # an input has no address
        return resource.properties if resource else {}
