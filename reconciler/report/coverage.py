"""What a run looked at, in sentences: no report says "nothing to do" without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from reconciler.overlay import place
from reconciler.report.entries import entries
from reconciler.result import Result

MOST = 12  # kinds that one sentence names


def sentences(result: Result) -> Iterator[str]:
    """What was looked at, what was left alone and whose that is, what could not be read."""
    yield from _looked(result)
    if owned := _owned(result):
        yield f"Left to others: {ranked(owned)}."
    for what, why in sorted(result.coverage.unread.items()):
        yield f"Not read: {what}: {why}"


def calls(result: Result) -> str:
    """Requests by service, the busiest first."""
    total = sum(result.calls.values())
    return f"{total:,} API calls: {ranked(result.calls)}." if total else "No API calls."


def _looked(result: Result) -> Iterator[str]:
    coverage = result.coverage
    declared, undeclared = sum(coverage.declared.values()), sum(coverage.undeclared.values())
    services: Counter[str] = Counter()
    for kind, number in coverage.declared.items():
        services[kind.split(".")[0]] += number
    yield f"Looked at {counted(declared, 'resource')}: {ranked(services) or 'none is declared'}."
    if coverage.unnamed:
        yield (
            f"Not compared: {counted(len(coverage.unnamed), 'resource')} that AWS has under names "
            "which discovery must find."
        )
    yield (
        f"Compared {counted(coverage.compared, 'property', 'properties')}; "
        f"left {coverage.left:,} that the YAML does not mention."
    )
    yield (
        f"Found {counted(undeclared, 'object')} that nothing declares: "
        f"{ranked(coverage.undeclared)}."
        if undeclared
        else "Found no object that nothing declares."
    )


def _owned(result: Result) -> Counter[str]:
    fields = (
        f"{place(path)} ({who})"
        for entry in entries(result)
        for path, who in entry.decision.owners.items()
    )
    return Counter(fields)


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def ranked(numbers: Mapping[str, int]) -> str:
    """`ec2 120, ecs 80`: the most first."""
    found = sorted((-number, name) for name, number in numbers.items() if number)
    named = [f"{name} {-number:,}" for number, name in found[:MOST]]
    rest = len(found) - MOST
    return ", ".join([*named, f"and {rest} more"] if rest > 0 else named)


def duration(seconds: float) -> str:
    """`8.4 s`, `12 min 5 s`: as people say it."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
