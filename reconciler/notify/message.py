"""A message, those who take it, and how much of it fits."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from reconciler.errors import Undelivered

MORE = "… {} more"
Measure = Callable[[str], int]
"""How long a text is by the count of whoever takes it."""


@dataclass(frozen=True)
class Message:
    """Plain text. Whoever makes it has hidden the secrets in it."""

    subject: str
    lines: tuple[str, ...]


class Channel(Protocol):
    """One way to people."""

    @property
    def name(self) -> str:
        """What people know it by. No secret."""

    def send(self, message: Message) -> None:
        """Deliver it, or as much of it as fits. Raises Undelivered."""


def send(channels: Iterable[Channel], message: Message) -> list[str]:
    """Tell every channel; what failed, in words for people. Never raises."""
    return [failed for each in channels if (failed := _failed(each, message))]


def _failed(channel: Channel, message: Message) -> str:
    try:
        channel.send(message)
    except Undelivered as error:
        return str(error)
    except Exception as error:  # a message is no reason for a run to fail; its words may be secret
        return f"{channel.name} was not told: {type(error).__name__} inside of us, please report it"
    return ""


def fitted(lines: Iterable[str], limit: int, measure: Measure) -> str:
    """As many lines as fit, and how many more there are. A line is cut only where it is the first.

    What is no text, such as half a character, is replaced."""
    every = [each.encode("utf-8", "replace").decode() for each in lines]
    whole = "\n".join(every)
    if measure(whole) <= limit:
        return whole
    room, kept = limit + 1 - measure("\n" + MORE.format(len(every))), list[str]()
    for each in every:
        room -= measure(each) + 1
        if room < 0:
            break
        kept.append(each)
    if not kept:
        kept = [_cut(every[0], room + measure(every[0]), measure)]
    left = len(every) - len(kept)
    return "\n".join([*kept, MORE.format(left)] if left else kept)


def _cut(line: str, limit: int, measure: Measure) -> str:
    """The longest beginning that fits."""
    fits = bisect_right(range(len(line) + 1), limit, key=lambda n: measure(line[:n] + "…"))
    return line[: fits - 1] + "…" if fits else ""
