"""What AWS offers: database and cache classes and versions, runtimes, Fargate sizes, zones."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from reconciler.load import tables
from reconciler.load.declared import Resource
from reconciler.load.problems import Finding, meant

AHEAD = timedelta(days=180)
ZONES = {"AvailabilityZone", "AvailabilityZones", "PreferredCacheClusterAZs"}


@dataclass(frozen=True)
class Case:
    """One resource before the tables."""

    resource: Resource
    values: Mapping[str, Any]
    new: bool
    """Whether it does not exist yet."""
    today: date
    changed: Container[str] | None = None
    """Which of its properties an update sends; None where it is created, or nobody knows."""

    def sends(self, name: str) -> bool:
        """Whether AWS is told this property, and may refuse it."""
        return self.changed is None or name in self.changed

    def has(self, *names: str) -> bool:
        return all(isinstance(self.values.get(name), str) for name in names)


def findings(case: Case) -> Iterator[Finding]:
    """Everything that the tables say against one resource."""
    for rule in RULES.get(case.resource.type.partition(".")[0], ()):
        yield from rule(case)
    for name in ZONES & {*case.values}:
        value = case.values[name]
        for what in wrong_zones([value] if isinstance(value, str) else value, case.resource.region):
            yield Finding(name, what, case.sends(name))


def wrong_zones(names: Iterable[str], region: str) -> Iterator[str]:
    """What is wrong with names of zones, in a region whose zones we know."""
    known = tables.zones().get(region, [])
    for name in names:
        if known and name not in known and "${" not in name:
            listed = ", ".join(known)
            yield f"{name} is no zone of {region}; there are {listed}.{meant(name, known)}"


def _database(case: Case) -> Iterator[Finding]:
    kind = "dbinstance" if "DBInstanceClass" in case.values else "dbcluster"
    if case.has("DBInstanceClass", "Engine"):
        here = tables.refused(
            "aws_rds_dbinstance/dbinstanceclass_enum", case.values, case.resource.region
        )
        fits = tables.refused("aws_rds_dbinstance/db_instance_class", case.values)
        yield from _first(case, "DBInstanceClass", [*here, *fits])
    if case.has("Engine", "EngineVersion"):
        errors = [*tables.refused(f"aws_rds_{kind}/engine_version", case.values)]
        yield from _first(case, "EngineVersion", errors)
        if not errors:
            yield from _kept(case, f"aws_rds_{kind}/engine_version_deprecated")


def _cache(case: Case) -> Iterator[Finding]:
    file = "aws_elasticache_cachecluster"
    region = case.resource.region
    if case.has("CacheNodeType"):
        offered = tables.table(f"schemas/extensions/{file}/cachenodetype_enum")
        names = offered.get(region, {}).get("enum", [])
        if names and case.values["CacheNodeType"] not in names:
            yield _unoffered(case, "CacheNodeType", names)
    if case.has("Engine", "EngineVersion"):
        errors = [*tables.refused(f"{file}/engine_version", case.values)]
        yield from _first(case, "EngineVersion", errors)


def _first(case: Case, name: str, errors: list[Any]) -> Iterator[Finding]:
    for error in errors:
        if error.validator == "enum" and [*error.absolute_path] == [name]:
            yield _unoffered(case, name, error.validator_value)
            return


def _unoffered(case: Case, name: str, offered: list[str]) -> Finding:
    value, region = case.values[name], case.resource.region
    version = case.values.get("EngineVersion", "") if name != "EngineVersion" else ""
    engine = f" for {case.values['Engine']} {version}".rstrip() if "Engine" in case.values else ""
    what = f"{name} {value} is not offered in {region}{engine}, so AWS would refuse it"
    near = meant(value, offered) or _some(value, offered)
    return Finding(name, f"{what}.{near}", case.sends(name))


def _some(value: str, offered: list[str]) -> str:
    family = [each for each in offered if each.startswith(value[:2])] or offered
    return f" There are {', '.join(family[-8:])}."


def _kept(case: Case, file: str) -> Iterator[Finding]:
    """A version that runs on, but that AWS gives to nothing new."""
    if any(tables.refused(file, case.values)):
        version = f"{case.values['Engine']} {case.values['EngineVersion']}"
        what = f"AWS creates nothing with {version} any more, so it could not be built again"
        yield Finding("EngineVersion", f"{what}; write a newer one under $initial", case.new)


def _runtime(case: Case) -> Iterator[Finding]:
    """AWS ends a runtime in three steps: its own care, then creation, then updates."""
    runtimes = tables.table("AdditionalSpecs/LmbdRuntimeLifecycle")
    if not case.has("Runtime"):
        return
    runtime = case.values["Runtime"]
    if runtime not in runtimes:
        what = f"Runtime {runtime} is none that we know, so AWS would refuse it"
        yield Finding("Runtime", f"{what}.{meant(runtime, runtimes)}")
        return
    dates = runtimes[runtime]
    remedy = f"; move to {dates['successor']}" if dates["successor"] else ""
    if case.new and dates["successor"]:
        remedy += f", or write it under $initial: {{Runtime: {dates['successor']}}}"
    touched = case.new or case.changed is not None
    for step, means, grave in (
        ("update-block", "AWS neither creates nor updates functions with it since", touched),
        ("create-block", "AWS creates no function with it since", case.new),
        ("deprecated", "AWS mends it no more since", False),
    ):
        day = date.fromisoformat(dates[step] or "9999-12-31")
        if day <= case.today:
            yield Finding("Runtime", f"Runtime {runtime}: {means} {day}{remedy}", grave)
            return
    if day <= case.today + AHEAD:
        yield Finding("Runtime", f"Runtime {runtime}: AWS mends it only until {day}{remedy}", False)


def _fargate(case: Case) -> Iterator[Finding]:
    if not case.has("cpu", "memory") or not isinstance(case.values.get(LAUNCH), list):
        return
    size = {"Cpu": case.values["cpu"], "Memory": case.values["memory"]}
    values = {**size, "RequiresCompatibilities": case.values[LAUNCH]}
    if any(tables.refused("aws_ecs_taskdefinition/fargate_cpu_memory", values)):
        what = f"cpu {size['Cpu']} with memory {size['Memory']} is no size of Fargate"
        grave = case.sends("cpu") or case.sends("memory")
        yield Finding("memory", f"{what}, so AWS would refuse it; {SIZES}", grave)


LAUNCH = "requiresCompatibilities"
SIZES = "per 1024 of cpu it takes 2048 to 8192 of memory, at 512 1024 to 4096, at 256 512 to 2048"
RULES: Mapping[str, tuple[Callable[[Case], Iterator[Finding]], ...]] = {
    "rds": (_database,),
    "elasticache": (_cache,),
    "lambda": (_runtime,),
    "ecs": (_fargate,),
}
