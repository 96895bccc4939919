"""How one service spells its tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.model import Tags


@dataclass(frozen=True)
class Tagging:
    """`Key` or `key`, `tags` or `Tags`: one operation writes them, one erases, this says how."""

    write: str = "tag_resource"
    erase: str = "untag_resource"
    id: str = "resourceArn"
    """The parameter that names the object."""
    of: str = ""
    """The output that this parameter wants, where it is not the object's id."""
    many: bool = False
    """The parameter takes a list of objects."""
    tags: str = "tags"
    """The parameter of `write` that takes the tags."""
    inside: str = ""
    """The member that holds the list, where `tags` is a structure."""
    key: str = "Key"
    """What a tag's name is called; empty where tags are one mapping."""
    value: str = "Value"
    erased: str = "tagKeys"
    """The parameter of `erase` that takes the names."""
    wrapped: bool = False
    """`erase` wants its names as tags are written, without values."""
    replaces: bool = False
    """The service forgets every tag that is not sent again, so there is no `erase`."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Parameters that every call takes besides."""

    def to_aws(self, tags: Tags) -> Any:
        if not self.key:
            return dict(tags)
        written = [{self.key: name, self.value: value} for name, value in sorted(tags.items())]
        return {self.inside: written} if self.inside else written

    def from_aws(self, tags: Iterable[Mapping[str, str]] | Mapping[str, str] | None) -> Tags:
        """Tags as a mapping, AWS's own (`aws:`) included: they are told apart when written."""
        if isinstance(tags, Mapping):
            return dict(tags)
        return {tag[self.key]: tag[self.value] for tag in tags or ()}

    def requests(
        self, target: str, observed: Tags, wanted: Tags
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """The calls, with parameters, that turn the observed tags into the wanted ones."""
        named = {self.id: [target] if self.many else target, **self.more}
        # AWS refuses to be told its own tags, unless it would else forget them.
        ours = {name: value for name, value in wanted.items() if not name.startswith("aws:")}
        new = {name: ours[name] for name in ours if observed.get(name) != ours[name]}
        gone = sorted(n for n in observed.keys() - wanted.keys() if not n.startswith("aws:"))
        if self.replaces and (new or gone):
            theirs = {name: value for name, value in observed.items() if name.startswith("aws:")}
            yield self.write, {**named, self.tags: self.to_aws({**ours, **theirs})}
        elif not self.replaces:
            if new:
                yield self.write, {**named, self.tags: self.to_aws(new)}
            if gone:
                yield self.erase, {**named, self.erased: self._names(gone)}

    def _names(self, names: list[str]) -> Any:
        written: Any = [{self.key: name} for name in names] if self.wrapped else names
        return {self.inside: written} if self.inside and not self.wrapped else written
