"""Golden files: what the reports looked like when somebody last read them."""

from __future__ import annotations

from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request):
    """Compares a text with a file in golden/, or writes that file (`--update-golden`)."""

    def same(name: str, text: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--update-golden", default=False):
            file.write_text(text, encoding="utf-8")
        assert file.exists(), f"no {file}: write it with --update-golden, and read it"
        assert file.read_text(encoding="utf-8") == text

    return same
