"""The production account as the report describes it, filled by plain boto3 and no handler of ours.

What the report states comes from tests/facts. What it leaves open is filled in with what will do,
and beside it stands what others have there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from unittest.mock import patch

from reconciler.sandbox import rds_offers
from tests.prod_account import (
    balancers,
    beside,
    buckets,
    compute,
    databases,
    delivery,
    edge,
    functions,
    monitoring,
    names,
    network,
    others,
)
from tests.prod_account.account import Account

SECTIONS = (
    network,
    names,
    buckets,
    balancers,
    databases,
    edge,
    functions,
    delivery,
    compute,
    monitoring,
    others,
)


def fill(client: Any) -> Account:
    """Fill the empty account that these clients reach: `session.client` will do."""
    account = Account(client)
    with then():
        for section in (*SECTIONS, beside):
            section.fill(account)
    return account


@contextmanager
def then() -> Iterator[None]:
    """When it was filled, AWS still took all of its runtimes and versions."""
    fourteen = {14: (*rds_offers.MINORS[14], 15)}
    with (
        patch("reconciler.sandbox.lambda_.today", lambda: date(2024, 1, 1)),
        patch.dict(rds_offers.MINORS, fourteen),
    ):
        yield
