"""What happens while a run is under way: a live view on a terminal, log lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from reconciler.report.board import Board, Step
from reconciler.report.coverage import duration
from reconciler.report.paint import visible
from reconciler.report.values import short
from reconciler.result import Fate

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

Scrub = Callable[[str, str], str]
"""An address and a message about it, without secrets: `Masker.scrub`."""

REMIND = 60.0  # seconds between two log lines about one wait
ROWS = 15  # resources that the live view names
MARKS = {
    Fate.DONE: ("✓", "green"),
    Fate.FAILED: ("✗", "red"),
    Fate.WAITING: ("…", "blue"),
}


def as_it_is(address: str, text: str) -> str:
    return text


class LogProgress:
    """One log line for every event, and for a wait that goes on one a minute."""

    def __init__(self, log: Any, board: Board | None = None, scrub: Scrub = as_it_is) -> None:
        self._log, self._board, self._scrub = log, board or Board(), scrub
        self._told: dict[str, tuple[str, float]] = {}

    def begin(self, total: int) -> None:
        self._board.begin(total)
        self._log.info("begin", resources=total)

    def started(self, address: str, doing: str) -> None:
        self._board.started(address, doing)
        self._log.info("started", address=address, doing=doing, elapsed=self._elapsed())

    def waits(self, address: str, reason: str) -> None:
        step = self._board.waits(address, self._scrub(address, reason))
        waited = self._board.seconds(step.waits_since)
        before, then = self._told.get(address, ("", 0.0))
        if before != step.reason or waited - then >= REMIND:
            self._told[address] = (step.reason, waited)
            self._log.info(
                "waits",
                address=address,
                reason=step.reason,
                seconds=round(waited, 1),
                elapsed=self._elapsed(),
            )

    def ended(self, address: str, fate: Fate, error: str = "") -> None:
        step = self._board.ended(address, fate)
        self._told.pop(address, None)
        told: dict[str, Any] = {"address": address, "fate": fate.value, "elapsed": self._elapsed()}
        if step:
            told["seconds"] = round(self._board.seconds(step.since), 1)
        if error:
            told["error"] = self._scrub(address, error)
        (self._log.error if fate is Fate.FAILED else self._log.info)("ended", **told)

    def end(self) -> None:
        self._log.info("end", elapsed=self._elapsed(), **self._board.fates())

    def _elapsed(self) -> float:
        return round(self._board.seconds(), 1)


class LiveProgress:
    """On a terminal: what ended scrolls by, what is under way stands below it, with its time."""

    def __init__(
        self, console: Console, board: Board | None = None, scrub: Scrub = as_it_is
    ) -> None:
        from rich.live import Live

        self._console, self._board, self._scrub = console, board or Board(), scrub
        self._live = Live(self, console=console, refresh_per_second=4, transient=True)

    def begin(self, total: int) -> None:
        self._board.begin(total)
        self._live.start()

    def started(self, address: str, doing: str) -> None:
        self._board.started(address, doing)

    def waits(self, address: str, reason: str) -> None:
        self._board.waits(address, self._scrub(address, reason))

    def ended(self, address: str, fate: Fate, error: str = "") -> None:
        step = self._board.ended(address, fate)
        if step or fate is not Fate.DONE:  # what was as declared never began, and is no news
            self._console.print(self._ended(address, fate, step, self._scrub(address, error)))

    def end(self) -> None:
        self._live.stop()

    def __rich__(self) -> RenderableType:
        from rich.text import Text

        return Text("\n").join(Text(row, no_wrap=True, overflow="ellipsis") for row in self.rows())

    def rows(self) -> Iterator[str]:
        """The live view: one line of numbers, then what is under way, the longest first."""
        steps = self._board.steps()
        yield f"{self._clock()}  {self._numbers(steps)}"
        for step in steps[:ROWS]:
            yield f"       {visible(self._step(step))}"
        if len(steps) > ROWS:
            yield f"       … and {len(steps) - ROWS} more"

    def _numbers(self, steps: tuple[Step, ...]) -> str:
        ended = self._board.fates()
        told = [f"{ended[fate]} {fate}" for fate in Fate if ended[fate]]
        waiting = sum(step.waits_since is not None for step in steps)
        under_way = f"{len(steps)} under way" + (f", {waiting} of them wait" if waiting else "")
        return " · ".join([*told, under_way, f"{self._board.left()} left"])

    def _step(self, step: Step) -> str:
        told = f"{step.address}  {step.doing}  {duration(self._board.seconds(step.since))}"
        if step.waits_since is None:
            return told
        return f"{told}  waits {duration(self._board.seconds(step.waits_since))}: {step.reason}"

    def _ended(self, address: str, fate: Fate, step: Step | None, error: str) -> RenderableType:
        from rich.text import Text

        mark, style = MARKS.get(fate, ("·", "yellow"))
        took = f"  {duration(self._board.seconds(step.since))}" if step else ""
        why = f"  {fate}" + (f": {short(error, 300)}" if error else "")
        told = f"{visible(address)}{took}{'' if fate is Fate.DONE else visible(why)}"
        return Text.assemble((f"{self._clock()}  ", "dim"), (f"{mark} ", style), told)

    def _clock(self) -> str:
        minutes, seconds = divmod(int(self._board.seconds()), 60)
        return f"{minutes:02}:{seconds:02}"
