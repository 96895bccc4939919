"""An account served on loopback, as `muvi-converge sandbox` does, for the tests of one file."""

from __future__ import annotations

import pytest

from reconciler.sandbox.server import forget, serve
from tests.command.lab import Lab
from tests.command.running import ACCOUNT


@pytest.fixture(scope="module")
def endpoint():
    with serve(ACCOUNT) as url:
        yield url


@pytest.fixture
def lab(endpoint, tmp_path):
    """An empty account, and an empty folder of environments."""
    forget()
    return Lab(tmp_path, endpoint)
