"""environment.yaml: account, regions, tags, inputs, tables, policy, lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from reconciler import freezes
from reconciler.load import facts, heal
from reconciler.load.declared import Environment, Input, State, nearest
from reconciler.load.files import ENVIRONMENT, Texts, mappings
from reconciler.load.nodes import Block, Node, Scalar
from reconciler.load.policy import Policy
from reconciler.load.problems import Problems, meant
from reconciler.load.scalars import Typing
from reconciler.load.schemas import check
from reconciler.load.scope import EARLY, Scope
from reconciler.load.version import pinned
from reconciler.load.wording import of_ours, shown
from reconciler.model import Source

MARKS = ("aws:", "muvi-converge:")
VARIABLE = re.compile(r"MUVI_\w+")
"""What a variable is called that may be asked for."""
STATE = re.compile(r"s3://[a-z0-9][a-z0-9.-]+/.*[^/]")
TOPIC = re.compile(
    r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+|\$\{sns\.topic/[^{}]+(?<!\.fifo)\.TopicArn\}",
    re.ASCII,
)
"""A topic that takes a message without a group, which one of FIFO wants."""
GIVEN = re.compile(r"\$\{input\.([^{}]+)\}")


def environment(
    name: str, folder: Path, given: Mapping[str, str], problems: Problems, texts: Texts
) -> tuple[Environment, Block]:
    """The environment, and its file as `${env.x}` sees it. Nothing else works without it."""
    file = folder / ENVIRONMENT
    documents = list(mappings(file, folder, problems, texts))
    if len(documents) != 1:
        what = f"must be one mapping, but holds {len(documents)}, so nothing else can be checked"
        problems.add(Source(str(file), 1), "", what)
        problems.fail()
    pinned(documents[0], problems)
    root = _put_in(documents[0], name, problems)
    typing = Typing(_shape())
    values = typing.typed(root, _shape())
    wrong = [*check(_shape(), values), *_wrong(values, folder)]
    for path, what in ((path, of_ours(what)) for path, what in wrong):
        problems.add(nearest(typing.places, path), "", f"{path} {what}".strip())
    if wrong:
        problems.fail()
    return _built(name, folder, _said(values), given, typing.places), _seen(root, name)


@cache
def _shape() -> Mapping[str, Any]:
    return facts.shipped("environment")


def _put_in(root: Block, name: str, problems: Problems) -> Block:
    """The file with its own `${env.x}` put in, once: a value that needs another is refused."""
    whole = Scope(problems, _seen(root, name)).block(root)
    for scalar in _scalars(whole):
        if any(match[1] == "env" for match in EARLY.finditer(scalar)):
            what = "${env.x} here names a value that itself needs ${env.x}; write the value"
            problems.add(scalar.source, "", what)
    return whole


def _seen(root: Block, name: str) -> Block:
    """What `${env.x}` knows: the file, the environment's name, and `main` among the regions."""
    seen, regions = Block(root.source), Block(root.source)
    seen.update(root)
    seen[Scalar("name", root.source)] = Scalar(name, root.source)
    aliases = root.get("regions")
    regions.update(aliases if isinstance(aliases, Block) else {})
    if "region" in root:
        regions[Scalar("main", root.source)] = root["region"]
    seen[Scalar("regions", root.source)] = regions
    return seen


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
        return
    for each in [*node, *node.values()] if isinstance(node, Block) else node:
        yield from _scalars(each)


def _wrong(values: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, str]]:
    """What a schema cannot say."""
    yield from _unknown_kinds("policy", values)
    yield from _unknown_kinds("heal", values)
    yield from heal.wrong(_mapping(values, "heal"))
    if _mapping(values, "heal") and not _mapping(values, "state"):
        what = "needs `state`: without a memory nobody knows since when a drift is there"
        yield "heal", f"{what}; name a bucket there"
    for name, source in _mapping(values, "inputs").items():
        yield from _odd_source(f"inputs.{name}", source, folder)
    if (role := str(values.get("role") or "")) and values.get("account") not in role.split(":"):
        yield (
            "role",
            f"is of another account than {values.get('account')}, which these files are of",
        )
    aliases = _mapping(values, "regions")
    state = _mapping(values, "state")
    if state and not state.get("bucket"):
        yield "state", "names no bucket; add `bucket`"
    if (alias := state.get("region") or "main") not in {*aliases, "main"}:
        yield "state.region", f"is no alias of regions.{meant(alias, aliases)}"
    yield from _odd_channels(values)
    for alias, kinds in _mapping(values, "sparse").items():
        if alias not in aliases:
            yield f"sparse.{alias}", f"is no alias of regions.{meant(alias, aliases)}"
        for kind in kinds if isinstance(kinds, list) else ():
            if kind not in facts.types():
                yield f"sparse.{alias}", f"names {kind}, no type.{meant(str(kind), facts.types())}"
    for place, state in enumerate(values.get("terraform") or ()):
        if isinstance(state, str) and state.startswith("s3:") and not STATE.fullmatch(state):
            yield f"terraform[{place}]", f"is {state}, which names no object; write s3://BUCKET/KEY"
    yield from freezes.wrong(values.get("freezes") or (), folder)
    for tag in _mapping(values, "tags"):
        if tag.startswith(MARKS):
            yield f"tags.{tag}", "is not for you to write: AWS or the engine does; take it out"


def _unknown_kinds(section: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kinds = _shape()["properties"][section]["properties"]
    for kind in _mapping(values, section):
        if kind not in kinds and kind.partition("/")[0] not in facts.types():
            known = [*kinds, *facts.types()]
            what = f"is no kind of action and no type.{meant(kind.partition('/')[0], known)}"
            yield f"{section}.{kind}", what


def _odd_channels(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A webhook's URL is never repeated: whoever reads it can write there."""
    told = _mapping(values, "notify")
    topic, webhook = told.get("sns"), told.get("webhook")
    if isinstance(topic, str) and not TOPIC.fullmatch(topic):
        what = "no ordinary topic's ARN; write that, or ${sns.topic/NAME.TopicArn}"
        yield "notify.sns", f"is {shown(topic)}, {what}"
    if not isinstance(webhook, str):
        return
    if not (given := GIVEN.fullmatch(webhook)):
        what = "whoever reads this file could write to it; write ${input.NAME}"
        yield "notify.webhook", f"must not stand here: {what}, and declare NAME under inputs"
    elif _mapping(_mapping(values, "inputs"), given[1]).get("default") is not None:
        what = "whoever reads this file could write to the webhook; take it out"
        yield f"inputs.{given[1]}.default", f"must not stand here: {what}"


def _odd_source(path: str, source: Any, folder: Path) -> Iterator[tuple[str, str]]:
    """A change of these files may be anybody's, and its plan is read by many."""
    variable, file = (_mapping({"": source}, "").get(each) for each in ("env", "file"))
    if not (variable or file):
        yield path, "says no source; add `env` (a variable's name) or `file`"
    if variable and not VARIABLE.fullmatch(variable):
        what = "of which this is for no file to ask: call it MUVI_… and set that"
        yield f"{path}.env", f"is {variable}. A machine's variables hold its own keys too, {what}"
    if file and not (folder / file).resolve().is_relative_to(folder.parent.resolve()):
        what = "what a machine keeps elsewhere is for no file to ask; give it in a variable (`env`)"
        yield f"{path}.file", f"is {file}, which is outside {folder.parent}: {what}"


def _mapping(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = values.get(name)
    return value if isinstance(value, Mapping) else {}


def _said(value: Any) -> Any:
    """Without what is null: as if it had not been written."""
    if isinstance(value, Mapping):
        return {name: _said(each) for name, each in value.items() if each is not None}
    return value


def _built(
    name: str,
    folder: Path,
    values: Mapping[str, Any],
    given: Mapping[str, str],
    places: Mapping[str, Source],
) -> Environment:
    inputs = {
        each: _input(each, folder, source, given.get(each), places[f"inputs.{each}"])
        for each, source in _mapping(values, "inputs").items()
    }
    regions = {**_mapping(values, "regions"), "main": values["region"]}
    return Environment(
        name=name,
        folder=folder,
        account=values["account"],
        region=values["region"],
        source=places[""],
        regions=regions,
        sparse={regions[alias]: kinds for alias, kinds in _mapping(values, "sparse").items()},
        zones=values.get("zones", ()),
        tags=_mapping(values, "tags"),
        role=values.get("role", ""),
        inputs=inputs,
        tables=_mapping(values, "tables"),
        policy=Policy.of(_mapping(values, "policy")),
        freezes=values.get("freezes", ()),
        notify=_mapping(values, "notify"),
        heal=heal.bounds(_mapping(values, "heal")),
        limits=_mapping(values, "limits"),
        exact=values.get("lists") == "exact",
        outputs=_mapping(values, "outputs"),
        terraform=values.get("terraform", ()),
        state=_state(_mapping(values, "state"), regions),
        places=places,
    )


def _state(values: Mapping[str, Any], regions: Mapping[str, str]) -> State | None:
    if not values:
        return None
    return State(values["bucket"], regions[values.get("region", "main")])


def _input(
    name: str, folder: Path, source: Mapping[str, str], given: str | None, place: Source
) -> Input:
    return Input(
        name=name,
        source=place,
        variable=source.get("env", ""),
        file=folder / source["file"] if "file" in source else None,
        description=source.get("description", ""),
        default=source.get("default"),
        sandbox=source.get("sandbox", ""),
        given=given,
    )
