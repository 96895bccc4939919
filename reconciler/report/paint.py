"""Lines of styled text, made plain or colourful: the layout is the same for both."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from io import StringIO

Line = tuple[tuple[str, str], ...]
"""Pieces of text, each with its style in rich's words; no style is plain."""

BLANK: Line = ()


def line(text: str, style: str = "") -> Line:
    return ((text, style),)


def length(pieces: Line) -> int:
    return sum(len(text) for text, _ in pieces)


def wrapped(text: str, width: int, indent: int, style: str = "") -> list[Line]:
    """Text in as many lines as it needs, its own line ends kept, long words never cut."""
    margin = " " * indent
    room = max(width - indent, 20)
    rows = [
        row
        for paragraph in text.splitlines()
        for row in textwrap.wrap(paragraph, room, break_long_words=False, break_on_hyphens=False)
    ]
    return [line(f"{margin}{row}", style) for row in rows]


def paint(lines: Iterable[Line], color: bool = False) -> str:
    """The text to print, which ends with a line end."""
    shown = [tuple((visible(text), style) for text, style in each) for each in lines]
    rows = [_colored(each) if color else "".join(text for text, _ in each) for each in shown]
    return "".join(f"{row.rstrip()}\n" for row in rows)


def _colored(pieces: Line) -> str:
    from rich.console import Console
    from rich.text import Text

    page = StringIO()
    console = Console(file=page, force_terminal=True, color_system="standard", no_color=False)
    console.print(Text.assemble(*pieces), soft_wrap=True, end="")
    return page.getvalue()


def visible(text: str) -> str:
    """What others wrote into names and messages must not steer the reader's terminal."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)
