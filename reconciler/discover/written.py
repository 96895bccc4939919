"""Drafts as the text of YAML files, which the loader reads back as the same values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from textwrap import indent
from typing import Any

import yaml
from yaml import Node

from reconciler.discover.drafts import Draft, Secret
from reconciler.discover.known import Known, escaped
from reconciler.discover.sections import rank
from reconciler.load import Environment
from reconciler.load.nodes import NULLS
from reconciler.load.policy import REFUSE
from reconciler.load.scalars import core
from reconciler.model import Action

WIDTH = 100
LINE = 1_000_000
INITIAL = "$initial"
Allowed = Callable[[Draft, str, str], bool]
"""Whether a property of a draft may refer to an address."""
Inputs = Callable[[Draft, Secret], str]
"""The name of the input that stands for a secret."""


class _Dumper(yaml.SafeDumper):
    """Block style, lists inside their property, and quotes wherever a text could be a number."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _Inline(_Dumper):
    """One line, in which a reference is quoted: its braces would end what it stands in."""


def _short(dumper: _Dumper, text: str) -> Any:
    plain = core(text) == text and text not in NULLS and "${" not in text and "\n" not in text
    style = None if plain else '"' if not text.isprintable() else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style)


def _text(dumper: _Dumper, text: str) -> Any:
    style = "|" if "\n" in text else "'" if text in NULLS or core(text) != text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style)


_Dumper.add_representer(str, _text)
_Dumper.add_multi_representer(str, _text)
_Inline.add_representer(str, _short)
_Inline.add_multi_representer(str, _short)


def dumped(value: Any) -> str:
    """A value as YAML."""
    return yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH, indent=2
    )


def inline(value: Any, like: Node | None = None) -> str:
    """A value on one line, as it may stand anywhere; a text with the quotes of another one."""
    style = getattr(like, "style", None)
    if isinstance(value, str) and style in ("'", '"') and value.isprintable():
        return _quoted(value, style)
    text = yaml.dump(
        value,
        Dumper=_Inline,
        sort_keys=False,
        allow_unicode=True,
        width=LINE,
        default_flow_style=True,
    )
    return text.removesuffix("...\n").rstrip("\n")


def _quoted(text: str, style: str) -> str:
    if style == "'":
        return "'" + text.replace("'", "''") + "'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Writer:
    """Writes drafts: values as references where they name others, secrets as inputs."""

    def __init__(
        self,
        known: Known,
        environment: Environment,
        allowed: Allowed,
        inputs: Inputs,
        hinted: Mapping[tuple[str, str], str],
    ) -> None:
        self._known, self._environment = known, environment
        self._allowed, self._inputs, self._hinted = allowed, inputs, hinted

    def document(self, drafts: Iterable[Draft]) -> str:
        """One document: types in the order of their section, names in alphabetical order."""
        ordered = sorted(drafts, key=lambda each: (rank(each.kind), each.name))
        types = []
        for kind, those in groupby(ordered, key=lambda each: each.kind):
            entries = "\n".join(indent(self.entry(each), "  ") for each in those)
            types.append(f"{kind}:\n{entries}")
        return "\n".join(types)

    def entry(self, draft: Draft) -> str:
        """One entry, with whose the object is above it, and what is left out."""
        said = {**self._region(draft), **self._properties(draft), **self._tags(draft)}
        notes = [f"{name} is left out: {why}" for name, why in draft.left.items()]
        owner = draft.owner or "nobody"
        above = "".join(f"# {line(each)}\n" for each in (f"owner: {owner}", *notes))
        return above + dumped({draft.name: said})

    def _region(self, draft: Draft) -> dict[str, str]:
        if type(draft.handler).region or draft.region == self._environment.region:
            return {}
        regions = self._environment.regions
        return {"$region": next(a for a, each in regions.items() if each == draft.region)}

    def _properties(self, draft: Draft) -> dict[str, Any]:
        naming = type(draft.handler).naming
        said = {
            name: value
            for name, value in draft.properties.items()
            if name != naming or value != draft.name
        }
        written = self._mapping(draft, "", said, "")
        first = [name for name in (naming,) if name in written]
        return {name: written[name] for name in (*first, *written)}

    def _tags(self, draft: Draft) -> dict[str, Any]:
        """Its own tags, but those that its name and environment.yaml give it anyway."""
        facts = type(draft.handler)
        if not facts.tagging:
            return {}
        given = dict(self._environment.tags)
        lasting = set(given) if self._only_watched(draft) else set()
        if facts.naming.startswith("tag:"):
            given[facts.naming[4:]] = draft.name
            if self._environment.exact or facts.naming in facts.key:
                lasting.add(facts.naming[4:])
        own = {
            escaped(name): escaped(value)
            for name, value in draft.tags.items()
            if given.get(name) != value and not name.startswith("$")
        }
        absent = {name: None for name in lasting if name not in draft.observed.tags}
        return {"Tags": {**own, **absent}} if own or absent else {}

    def _only_watched(self, draft: Draft) -> bool:
        """Whether nobody will adopt it, and give it environment.yaml's tags."""
        policy, data = self._environment.policy, draft.handler.holds_data
        return policy.says(draft.kind, Action.ADOPT, data) == REFUSE

    def _value(self, draft: Draft, name: str, value: Any, path: str) -> Any:
        def allowed(address: str) -> bool:
            return self._allowed(draft, name, address)

        match value:
            case Secret():
                return self._secret(draft, name, value) or self._inputs(draft, value)
            case str():
                if (hint := self._hinted.get((draft.address, path))) and name not in draft.plainly:
                    return hint
                return self._known.spoken(value, allowed)
            case Mapping():
                return self._mapping(draft, name, value, path)
            case list():
                return [
                    self._value(draft, name, each, f"{path}[{n}]") for n, each in enumerate(value)
                ]
        return value

    def _mapping(
        self, draft: Draft, name: str, value: Mapping[str, Any], path: str
    ) -> dict[str, Any]:
        """What it holds; what an input stands for is used by a creation, and never compared."""
        written, born = {}, {}
        for key, each in value.items():
            top, inner = name or key, f"{path}.{key}" if path else key
            if isinstance(each, Secret) and not self._secret(draft, top, each):
                born[escaped(key)] = self._inputs(draft, each)
            elif key == INITIAL:
                born |= self._born(draft, each)
            else:
                written[escaped(key)] = self._value(draft, top, each, inner)
        return {**written, INITIAL: born} if born else written

    def _born(self, draft: Draft, value: Any) -> Any:
        """What only a creation uses: it holds no values but inputs."""
        if isinstance(value, Secret):
            return self._inputs(draft, value)
        return {name: self._born(draft, each) for name, each in value.items()}

    def _secret(self, draft: Draft, name: str, secret: Secret) -> str:
        """The reference that stands for it, where it is no secret but another object's name."""
        return self._known.whole(secret.text, lambda other: self._allowed(draft, name, other))


def line(text: str) -> str:
    """One line of a comment, whatever stands in it."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+", " ", text)
