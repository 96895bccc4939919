"""Logs on stderr: JSON lines for machines, one readable line per event for people."""

from __future__ import annotations

import logging
import os
import sys

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.typing import Processor


def configure(terminal: bool, verbose: bool) -> None:
    """Set up structlog for the whole program. Without a terminal, every line is JSON.

    Tracebacks never show the values of variables: passwords may be among them."""
    structlog.configure(
        processors=[*_common(), *(_for_people() if terminal else _for_machines())],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.DEBUG if verbose else logging.INFO
        ),
        logger_factory=structlog.WriteLoggerFactory(_Stderr()),  # type: ignore[arg-type]
        cache_logger_on_first_use=False,
    )


def _common() -> list[Processor]:
    return [structlog.contextvars.merge_contextvars, structlog.processors.add_log_level]


def _for_people() -> list[Processor]:
    clock = structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False)
    colors = not os.environ.get("NO_COLOR")
    return [clock, ConsoleRenderer(colors=colors, exception_formatter=plain_traceback)]


def _for_machines() -> list[Processor]:
    clock = structlog.processors.TimeStamper(fmt="iso", utc=True)
    json = structlog.processors.JSONRenderer(ensure_ascii=False, default=repr)
    return [clock, structlog.processors.format_exc_info, json]


class _Stderr:
    """Whatever sys.stderr is now: while progress is shown live, rich stands in for it."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()
