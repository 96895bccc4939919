"""Whether AWS offers the values here, and until when: classes, versions, runtimes, sizes, zones.

Imported only for what is to be created or changed: a run with nothing to do asks no table."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any, NamedTuple

from reconciler.errors import Problem
from reconciler.load.declared import Declared, Resource
from reconciler.load.references import REFERENCE, split
from reconciler.model import Change
from reconciler.overlay import plain, unknown


class Verdict(NamedTuple):
    """What the tables have against an environment."""

    problems: list[Problem]
    warnings: list[Problem]


def check(
    declared: Declared,
    addresses: Container[str] | None = None,
    creating: Container[str] = frozenset(),
    changing: Mapping[str, Change] = MappingProxyType({}),
    today: date | None = None,
) -> Verdict:
    """Ask the tables about these resources; about all if none are named.

    What AWS only keeps, and gives to nothing new, is a problem for those in `creating`, and for
    all others a warning. Of those in `changing` only what is sent can be a problem. Values that
    hold references are left out."""
    if find_spec("cfnlint") is None:
        what = "cfn-lint is not installed, so nobody asked whether AWS offers these values here"
        return Verdict([], [Problem(None, "", f"{what}; install muvi-converge[lint]")])
    from reconciler.load.offers import Case, findings, wrong_zones

    environment = declared.environment
    verdict = Verdict([], [])
    for zone in wrong_zones(environment.zones, environment.region):
        verdict.problems.append(Problem(environment.place("zones"), "", f"zones: {zone}"))
    for address, resource in declared.resources.items():
        if resource.absent or (addresses is not None and address not in addresses):
            continue
        change = changing.get(address)
        values = _wanted(resource, change) if change else _known(resource.properties)
        values = {**_joined(resource, declared.resources), **values}
        changed = change.names if change else None
        case = Case(resource, values, address in creating, today or date.today(), changed)
        for finding in findings(case):
            problem = Problem(resource.place(finding.path), address, finding.what)
            (verdict.problems if finding.grave else verdict.warnings).append(problem)
    return verdict


def _known(properties: Mapping[str, Any]) -> dict[str, Any]:
    """What a creation would send, as far as nobody needs AWS to know it."""
    sent: Mapping[str, Any] = plain(properties)
    return {name: value for name, value in sent.items() if "${" not in str(value)}


def _wanted(resource: Resource, change: Change) -> dict[str, Any]:
    """What an object shall have of what is declared: what it was created with counts as well."""
    wanted = {name: value for name, value in change.wanted.items() if name in resource.properties}
    return {name: value for name, value in wanted.items() if not unknown(value)}


def _joined(resource: Resource, resources: Mapping[str, Resource]) -> dict[str, Any]:
    """An instance has its engine and version from the cluster that it belongs to."""
    named = resource.properties.get("DBClusterIdentifier")
    if not isinstance(named, str) or resource.type.endswith("cluster"):
        return {}
    reference = REFERENCE.fullmatch(named)
    found = split(reference[1] or "", resources) if reference else None
    clusters = (each for each in resources.values() if each.type.endswith("cluster"))
    cluster = next(
        (each for each in clusters if (found and each.address == found[0]) or _named(each, named)),
        resource,
    )
    known = _known(cluster.properties)
    return {name: known[name] for name in ("Engine", "EngineVersion") if name in known}


def _named(cluster: Resource, name: str) -> bool:
    return bool(cluster.properties.get("DBClusterIdentifier") == name)
