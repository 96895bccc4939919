"""Which versions of the tool may read an environment: `version: '>=1.2,<2'`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from reconciler.load.nodes import Block, Scalar
from reconciler.load.problems import Problems

KEY = "version"
HOW = "write it as '>=1.2,<2', in quotes"


def pinned(root: Block, problems: Problems) -> None:
    """Ends the load where the pin shuts out the tool that runs, before it judges anything else.

    Another version knows other keys and types: what it would say of them would mislead."""
    pin = root.get(KEY)
    if isinstance(pin, Scalar) and not pin.null:
        for what in wrong(pin, version("muvi-converge")):
            problems.add(pin.source, "", f"{KEY} {what}")
            problems.fail()


def wrong(pin: str, running: str) -> Iterator[str]:
    """What is wrong with a pin, or with what runs."""
    try:
        allowed = SpecifierSet(pin)
    except InvalidSpecifier:
        yield f"is {pin!r}, which names no versions; {HOW}"
        return
    if not len(allowed):
        yield f"is empty, so it allows every version; {HOW}, or take it out"
    elif not allowed.contains(running, prereleases=True):
        yield (
            f"is {pin!r}, and this is muvi-converge {running}, which may read these files "
            f"otherwise than they are meant: nothing was done. Install a version that it allows "
            f"(pip install 'muvi-converge{pin}'), or change the line and review a dry-run"
        )
