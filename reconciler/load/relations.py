"""Relations between resources: references that lead nowhere, and one object declared twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import jmespath

from reconciler.load import facts
from reconciler.load.declared import Environment, Resource
from reconciler.load.problems import Problems, meant
from reconciler.load.references import INPUT, inners, leading, split, texts
from reconciler.model import top

TYPE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


class Relations:
    """Checks what resources and outputs say of other resources."""

    def __init__(
        self, environment: Environment, resources: Mapping[str, Resource], problems: Problems
    ) -> None:
        self._environment, self._resources, self._problems = environment, resources, problems
        self._outputs: dict[str, set[str]] = {}

    def check(self) -> None:
        """Report every reference and address that leads nowhere, and every object named twice."""
        for resource in self._resources.values():
            for path, inner in inners(resource):
                self._reference(inner, path, resource)
            self._addresses(resource)
        for section in ("outputs", "notify"):
            for path, inner in texts(getattr(self._environment, section), section):
                if what := self._wrong(inner, False):
                    self._problems.add(self._environment.place(path), path, what)
        self._policies()
        self._twice()

    def _reference(self, inner: str, path: str, resource: Resource) -> None:
        if what := self._wrong(inner, resource.absent):
            if _perhaps_secret(path, resource.type):
                what = what.replace(f"${{{inner}}}", "${...}")
            self._problems.add(resource.place(path), resource.address, what)

    def _input(self, name: str) -> str:
        inputs = self._environment.inputs
        if name in inputs:
            return ""
        remedy = "so nobody could give it a value; declare it there under inputs"
        return f"${{input.{name}}} is not in environment.yaml, {remedy}.{meant(name, inputs)}"

    def _wrong(self, inner: str, absent: bool) -> str:
        """What is wrong with what stands between `${` and `}`; empty if nothing.

        `absent`: in a tombstone, which may refer to others to say what it was."""
        if inner.startswith(f"{INPUT}."):
            return self._input(inner.removeprefix(f"{INPUT}."))
        kind, _, rest = inner.partition("/")
        if not rest or not TYPE.fullmatch(kind):
            return _no_reference(inner)
        if (found := split(inner, self._resources)) is None:
            return self._undeclared(kind, rest)
        address, expression = found
        if self._resources[address].absent and not absent:
            return f"refers to {address}, which is $absent, so it has no outputs; refer to another"
        try:
            output = leading(expression)
        except ValueError as error:
            return f"${{{inner}}}: {expression!r} is not JMESPath, so it names no output: {error}"
        if output in (known := self._known(kind)):
            return ""
        return (
            f"refers to {output or expression} of {address}, but {kind} has no such output, so it "
            f"would stay empty.{meant(output, known)}"
        )

    def _undeclared(self, kind: str, rest: str) -> str:
        if kind not in facts.types():
            return f"refers to the type {kind}, which there is not.{meant(kind, facts.types())}"
        if f"{kind}/{rest}" in self._resources:
            some = ", ".join(sorted(self._known(kind))[:5])
            return f"refers to {kind}/{rest} but names no output of it; add one, such as {some}"
        names = [each.name for each in self._resources.values() if each.type == kind]
        name = rest.rpartition(".")[0] or rest
        hint = meant(name, names).replace("mean ", f"mean {kind}/")
        remedy = f".{hint}" if hint else "; declare it, or write its value"
        return f"refers to {kind}/{name}, which is not declared, so it has no outputs{remedy}"

    def _known(self, kind: str) -> set[str]:
        """What one may refer to in a type."""
        if kind not in self._outputs:
            self._outputs[kind] = {*facts.handler(kind).outputs, *facts.properties(kind)}
        return self._outputs[kind]

    def _addresses(self, resource: Resource) -> None:
        for n, address in enumerate(resource.depends_on):
            if address not in self._resources:
                what = f"depends on {address}, which is not declared, so it would wait for ever."
                hint = meant(address, self._resources)
                where = resource.place(f"$depends_on[{n}]")
                self._problems.add(where, resource.address, what + hint)
        if resource.was:
            if resource.was in self._resources:
                what = f"was {resource.was}, which is declared still; take one of the two out"
            elif not resource.was.startswith(f"{resource.type}/"):
                what = f"was {resource.was}, but an object never changes its type"
            else:
                return
            self._problems.add(resource.place("$was"), resource.address, what)

    def _policies(self) -> None:
        for address in self._environment.policy.types:
            if "/" in address and address not in self._resources:
                what = f"{address} is not declared, so its policy would hold for nothing."
                place = self._environment.place(f"policy.{address}")
                self._problems.add(place, "policy", what + meant(address, self._resources))

    def _twice(self) -> None:
        first: dict[Any, Resource] = {}
        for resource in self._resources.values():
            other = first.setdefault(_object(resource) or resource.address, resource)
            if other is not resource:
                key = ", ".join(facts.handler(resource.type).key)
                what = (
                    f"is the same object as {other.address} ({other.source}): both have one "
                    f"{key}, and AWS takes it once; change it in one of the two, or keep one"
                )
                self._problems.add(resource.source, resource.address, what)


def _object(resource: Resource) -> tuple[Any, ...]:
    """What tells AWS's objects of this type apart, as far as it stands in the YAML."""
    handler = facts.handler(resource.type)
    values = [_key(resource, name) for name in handler.key if handler.unique and not handler.shared]
    if not values or not all(isinstance(value, str | int) for value in values):
        return ()
    return resource.type, resource.region, *values


def _key(resource: Resource, name: str) -> Any:
    if name.startswith("tag:"):
        return resource.tags.get(name[4:])
    return jmespath.search(name, resource.properties)


def _perhaps_secret(path: str, kind: str) -> bool:
    """Whether what looks like a reference may be a piece of a password, which nobody repeats."""
    name = top(path.removeprefix("$initial."))
    return name in facts.handler(kind).given or name not in facts.properties(kind)


def _no_reference(inner: str) -> str:
    if not inner:
        return "opens ${ without closing it by } before the next one; write $${ for a literal ${"
    if re.match(r"(aws|s3|ec2|iam|kms|cognito-identity[.\w]*|saml|www\.amazon\.com):", inner):
        return f"${{{inner}}} is IAM's own variable; write $${{{inner}}}, so that it reaches AWS"
    if inner.startswith(("env.", "each.")):
        return f"${{{inner}}} cannot be put in here; write its value"
    return (
        f"${{{inner}}} is no reference, so nothing would be put in; write "
        "${type/name.output}, ${env.x}, ${each.x} or ${input.x}, and $${ for a literal ${"
    )
