"""The blocks of a report, each a heading with what stands below it, for text and markdown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from reconciler.model import Action, Wait
from reconciler.report.changes import Page, group, place
from reconciler.report.coverage import calls, counted, duration, sentences
from reconciler.report.entries import NOT_REACHED, ORDER, Entry, waits
from reconciler.report.paint import Line, line, wrapped
from reconciler.report.values import shown
from reconciler.result import Fate, Result

Block = list[Line]
DIFFERS = {Action.UPDATE, Action.DISRUPT, Action.REPLACE}
WAYS = (
    "A difference ends in one of two ways: muvi-converge discover --env {0} --accept ADDRESS "
    "writes it into the YAML, muvi-converge --env {0} --only ADDRESS puts it back. "
    "muvi-converge hold ADDRESS --env {0} --for 24h --reason TEXT leaves it for a while."
)
Blocks = Iterator[tuple[Action, Block]]


def changes(all_of_them: Sequence[Entry], page: Page) -> Blocks:
    """A block for every kind of change. What is as declared is only counted, further down."""
    for action in ORDER:
        members = [each for each in all_of_them if each.decision.action is action]
        if members and action is not Action.NO_OP:
            yield action, list(group(action, members, page))


def troubles(result: Result, all_of_them: Sequence[Entry], page: Page) -> Iterator[Block]:
    """What was not done, and why."""
    blocks = (
        _held(all_of_them, page),
        _failed(all_of_them, page.width),
        _not_tried(all_of_them, page.width),
    )
    yield from filter(None, blocks)


def outputs(values: Mapping[str, object]) -> Block:
    column = max(map(len, values), default=0)
    rows = [line("Outputs", "bold")] if values else []
    return rows + [
        ((f"  {name:<{column}}  ", "dim"), (shown(value), "")) for name, value in values.items()
    ]


def looked_at(result: Result, width: int) -> Block:
    """What stands behind all that is said: it has no heading."""
    told = [*sentences(result), f"{calls(result)[:-1]}; {duration(result.seconds)}."]
    return [row for each in told for row in wrapped(each, width, 0, _style(each))]


def ways(result: Result, all_of_them: Sequence[Entry], width: int) -> Block:
    """How people end what differs, where it is theirs to say."""
    left = [each for each in all_of_them if each.decision.action in DIFFERS and _open(each)]
    return wrapped(WAYS.format(result.environment), width, 0, "dim") if left else []


def _open(entry: Entry) -> bool:
    return entry.status in (Fate.PLANNED, Fate.REFUSED)


def _held(all_of_them: Sequence[Entry], page: Page) -> Block:
    numbers = defaultdict(list)
    for each in all_of_them:
        if each.status == Fate.REFUSED:
            numbers[each.error].append(each)
    rows = [line(f"Held {sum(map(len, numbers.values()))}", "bold yellow")] if numbers else []
    for text, members in numbers.items():
        rows += _numbered(
            page.held[text], f"{text} ({counted(len(members), 'change')})", page.width
        )
    return rows


def _failed(all_of_them: Sequence[Entry], width: int) -> Block:
    failed = [each for each in all_of_them if each.status == Fate.FAILED]
    rows = [line(f"Failed {len(failed)}", "bold red")] if failed else []
    for each in failed:
        where = f"  {place(each.decision)}" if each.decision.source else ""
        rows.append((("  ✗ ", "red"), (each.decision.address, "bold"), (where, "dim")))
        rows += wrapped(each.error, width, 6)
    return rows


def _not_tried(all_of_them: Sequence[Entry], width: int) -> Block:
    """What was not tried, by why: one cause may keep hundreds waiting."""
    causes = defaultdict(list)
    for each in all_of_them:
        waits_for_another = each.status == Fate.WAITING and each.error
        if each.status in (Fate.SKIPPED, NOT_REACHED) or waits_for_another:
            causes[_cause(each)].append(each.decision.address)
    rows = [line(f"Not tried {sum(map(len, causes.values()))}", "bold red")] if causes else []
    for cause, addresses in causes.items():
        rows += [*wrapped(cause, width, 2), *wrapped(", ".join(addresses), width, 6, "dim")]
    return rows


def _cause(entry: Entry) -> str:
    if entry.status == NOT_REACHED:
        return "the run ended before their turn came"
    return entry.error or entry.decision.reason


def waiting(result: Result, width: int) -> Block:
    """Who is asked to do what, and what goes on then."""
    return asked(waits(result), width)


def asked(them: Sequence[Wait], width: int) -> Block:
    """The same, of requests that are known."""
    rows = [line(f"Waiting for people {len(them)}", "bold blue")] if them else []
    for number, each in enumerate(them, start=1):
        rows += _numbered(number, each.who, width)
        rows += wrapped(each.what, width, 6)
        rows += wrapped(f"unblocks {each.unblocks}", width, 6, "dim") if each.unblocks else []
    return rows


def _numbered(number: int, text: str, width: int) -> Block:
    first, *rest = wrapped(text or "nobody says why", width, 6)
    return [line(f"  {number:>2}. {first[0][0].strip()}"), *rest]


def _style(sentence: str) -> str:
    return "red" if sentence.startswith("Not read") else "dim"
