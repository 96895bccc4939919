"""An account served on loopback, as `muvi-converge sandbox` does, for the tests of one file."""

from __future__ import annotations

from pathlib import Path

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


def pytest_collection_modifyitems(items):
    """The tests of one file share an account, so they run one after another in one process."""
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
