"""What is asked before the first change, all at once; what may not be read is told once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from reconciler.aws.failures import code
from reconciler.errors import Problem
from reconciler.model import Action
from reconciler.plan.estate import Estate
from reconciler.plan.observe import FAILURES
from reconciler.preflight import addresses, names, permissions, quotas
from reconciler.preflight.asking import Question
from reconciler.result import Decision

MAKES = {Action.CREATE, Action.REPLACE}
ASKS: tuple[Callable[[Estate, list[Decision]], Iterable[Question]], ...] = (
    addresses.questions,
    quotas.questions,
    names.questions,
    permissions.questions,
)


@dataclass(frozen=True)
class Unread:
    """A question that we may not ask, or that AWS did not answer."""

    about: str
    why: str


def foresee(estate: Estate, decisions: Iterable[Decision]) -> list[Problem]:
    """What speaks against these decisions, as far as the account can be asked."""
    open_ones = [each for each in decisions if not each.gate and not each.behind]
    questions = [one for asks in ASKS for one in asks(estate, open_ones)]
    answers = estate.aws.at_once(_answer, questions)
    told = [each for answer in answers if isinstance(answer, list) for each in answer]
    return [*told, *_unread(answer for answer in answers if isinstance(answer, Unread))]


def _answer(question: Question) -> list[Problem] | Unread:
    try:
        return list(question.ask())
    except FAILURES as error:
        why = code(error) if hasattr(error, "response") else ""
        return Unread(question.about, why or str(error))


def _unread(failed: Iterable[Unread]) -> Iterator[Problem]:
    for about, why in sorted({each.about: each.why for each in failed}.items()):
        what = f"{about} could not be read ({why}), so AWS tells of it only when it is asked"
        yield Problem(None, "", what)
