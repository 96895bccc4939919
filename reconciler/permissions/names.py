"""What the resources of an environment are called in ARNs, as far as the YAML says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import jmespath

from reconciler import registry
from reconciler.load import Declared, Resource
from reconciler.load.references import REFERENCE, split

ANY = "*"
PLACE = re.compile(r"\{(?P<path>[A-Za-z0-9.]+)(?P<how>\?|=\w*)?\}")
INITIAL = "$initial"
SPELLED = {
    "Scope": {"CLOUDFRONT": "global", "REGIONAL": "regional"},
    "Type": {"application": "app", "gateway": "gwy", "network": "net"},
}
"""Words of requests that ARNs spell otherwise, by property."""


class Names:
    """The names of one environment's resources."""

    def __init__(self, declared: Declared) -> None:
        self._resources, self._account = declared.resources, declared.environment.account

    def arns(self, resource: Resource, templates: Iterable[str]) -> Iterator[str]:
        """A resource's ARNs. In `{X=y}`, y stands in for a property that the YAML does not give,
        in `{X}` that is any name, and an ARN with such a `{X?}` is left out."""
        facts = registry.handler(resource.type)
        for region in {facts.region or each for each in resource.regions}:
            for template in templates:
                if all(_said(resource, each["path"]) for each in _asked(template)):
                    yield self._filled(resource, region, template)

    def roles(self, resource: Resource) -> set[str]:
        """The ARNs of the roles that a resource names outside its policies."""
        facts = registry.handler(resource.type)
        said = {n: v for n, v in whole(resource).items() if n not in facts.policies}
        return {arn for text in _texts(said) for arn in self._roles(text)}

    def _filled(self, resource: Resource, region: str, template: str) -> str:
        known = {"region": region, "account": self._account}

        def put(match: re.Match[str]) -> str:
            path = match["path"]
            value = known.get(path) or self._value(resource, path)
            if value == ANY and (match["how"] or "").startswith("="):
                return str(match["how"][1:])
            before = template[match.start() - 1]
            return value.lstrip("/") if before == "/" else value

        return f"arn:aws:{PLACE.sub(put, template)}"

    def _value(self, resource: Resource, path: str) -> str:
        """A property as a name; any where nobody knows it before AWS has told."""
        value = _said(resource, path)
        if not isinstance(value, str) or (resource.unnamed and path == self._naming(resource)):
            return ANY
        if value.startswith("arn:"):
            return ANY
        value = SPELLED.get(path, {}).get(value, value).removeprefix("https://")
        return REFERENCE.sub(lambda match: self._referred(match[1] or ""), value)

    def _referred(self, inner: str) -> str:
        """The name of what a reference leads to, or of what that in turn hangs from."""
        found = split(inner, self._resources)
        if found is None:
            return ANY
        resource = self._resources[found[0]]
        return self._value(resource, self._naming(resource)) if self._naming(resource) else ANY

    def _naming(self, resource: Resource) -> str:
        """The property that names it, or else leads to what it hangs from."""
        facts = registry.handler(resource.type)
        if not facts.naming.startswith("tag:"):
            return facts.naming
        above = (each for each in facts.key if "${" in str(_said(resource, each)))
        return next(above, "")

    def _roles(self, text: str) -> Iterator[str]:
        yield from re.findall(rf"arn:aws:iam::{self._account}:role/[\w+=,.@/-]+", text)
        for match in REFERENCE.finditer(text):
            found = split(match[1] or "", self._resources)
            if found and found[0].startswith("iam.role/"):
                role = self._resources[found[0]]
                yield self._filled(role, "", "iam::{account}:role/{Path=}{RoleName}")


def whole(resource: Resource) -> dict[str, Any]:
    """All that the YAML says of a resource, and what is only for its creation."""
    own = {name: each for name, each in resource.properties.items() if name != INITIAL}
    return {**(resource.properties.get(INITIAL) or {}), **own}


def _said(resource: Resource, path: str) -> Any:
    plain = re.fullmatch(r"[A-Za-z0-9.]+", path)
    return jmespath.search(path, whole(resource)) if plain else None


def _asked(template: str) -> list[re.Match[str]]:
    return [each for each in PLACE.finditer(template) if each["how"] == "?"]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
