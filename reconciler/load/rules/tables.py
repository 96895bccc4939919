"""What does not fit together in a DynamoDB table.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.load.problems import Finding
from reconciler.load.rules.place import Place

CAPACITY, ON_DEMAND = "ProvisionedThroughput", "PAY_PER_REQUEST"


def capacity_fits(table: Place) -> Iterator[Finding]:
    """What is bought ahead says how much, and what is paid per request does not."""
    mode, capacity = table.at("BillingMode"), table.at(CAPACITY)
    if mode.value == ON_DEMAND and capacity.value:
        yield capacity.wrong(f"stands beside BillingMode {ON_DEMAND}, so AWS would refuse it")
    known = mode.missing or mode.value == "PROVISIONED"
    if known and capacity.missing and not table.at("KeySchema").missing:
        yield mode.wrong(
            f"is PROVISIONED, where nothing else is said, but there is no {CAPACITY}; add it, or "
            f"let BillingMode be {ON_DEMAND}",
            sure=not mode.missing,
        )


def keys_defined(table: Place) -> Iterator[Finding]:
    """Attributes are defined if keys are made of them, and only then."""
    keys, defined = (_named(table, name) for name in ("KeySchema", "AttributeDefinitions"))
    if not keys or not defined or "" in {*keys, *defined}:
        return
    for name in sorted(keys.keys() - defined):
        yield keys[name].wrong(
            f"is {name}, which AttributeDefinitions does not define, so AWS would refuse it"
        )
    for name in sorted(defined.keys() - keys):
        yield defined[name].wrong(
            f"is {name}, of which no key is made, so AWS would refuse it; take it out"
        )


def _named(table: Place, name: str) -> dict[str, Place]:
    places = table.all(f"{name}.AttributeName")
    return {each.text: each for each in places if not each.missing}
