"""What was discovered, as YAML with its files' names, and in a few lines for people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from pathlib import Path

from reconciler.discover.discovery import Discovery
from reconciler.discover.files import Additions
from reconciler.discover.looking import Aside
from reconciler.discover.written import line


def yaml(found: Discovery) -> str:
    """One document per file, and what is not written as comments: YAML as a whole."""
    left: dict[Path, list[Aside]] = defaultdict(list)
    for each in found.aside:
        left[found.home(each.kind)].append(each)
    parts = []
    for file, text in found.additions.documents.items():
        comments = "".join(f"# {line(each)}\n" for each in _told(left.pop(file, ())))
        parts.append(f"---\n# {file}\n{comments}{text}")
    rest = [each for those in left.values() for each in those]
    parts += [f"# {line(each)}\n" for each in _told(rest)]
    return "".join(parts)


def changes(made: Additions) -> str:
    """What was changed in files, as diff shows it."""
    lines: list[str] = []
    for file, after in made.texts.items():
        before = (made.before[file] or "").splitlines(keepends=True)
        lines += unified_diff(before, after.splitlines(keepends=True), str(file), str(file))
    return "".join(each if each.endswith("\n") else f"{each}\n" for each in lines)


def summary(found: Discovery, written: bool) -> str:
    """How much there is of what, what is left aside, and what could not be read."""
    lines = [
        _counted("Wrote" if written else "Found undeclared", Counter(d.kind for d in found.drafts))
    ]
    lines.append(_counted("Owned by", Counter(each.owner or "nobody" for each in found.drafts)))
    lines.append(
        _counted("Made by AWS, left alone", Counter(a.kind for a in found.aside if not a.why))
    )
    if written:
        lines += [f"  {file}" for file in found.additions.documents]
        lines += [f"Left out: {line(each)}" for each in _told(a for a in found.aside if a.why)]
    else:
        lines.append(_counted("Left out", Counter(a.kind for a in found.aside if a.why)))
    lines += [f"could not be read: {line(what)}: {line(why)}" for what, why in found.unread.items()]
    return "".join(f"{each}\n" for each in lines if each)


def _told(aside: Iterable[Aside]) -> Iterator[str]:
    """What is not written: one line for all of a type with the same fate."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for each in aside:
        alike[each.kind, each.region, each.owner or "nobody", each.why].append(each.id)
    for (kind, region, owner, why), ids in alike.items():
        many = not why and len(ids) > 3  # about which nobody need do anything
        some = f"{', '.join(ids[:2])} and {len(ids) - 2} more" if many else ", ".join(ids)
        what = why or "AWS made it, and nobody declares it"
        yield f"{kind} in {region} (owner: {owner}): {some}: {what}"


def _counted(what: str, counts: Counter[str]) -> str:
    if not counts:
        return ""
    each = ", ".join(f"{name} {count}" for name, count in counts.most_common())
    return f"{what} {counts.total()}: {each}."
