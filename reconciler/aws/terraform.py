"""Which objects stand in Terraform's state files: of these, ids and ARNs are read, and no values.

https://developer.hashicorp.com/terraform/language/state"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from reconciler.aws.clients import Aws

VERSION = 4  # of the state's format, since Terraform 0.12
REMOTE = re.compile(r"s3://(?P<bucket>[^/]+)/(?P<key>.+)")
KEPT = {
    "arn",
    "attributes",
    "id",
    "index_key",
    "instances",
    "mode",
    "module",
    "name",
    "resources",
    "type",
    "version",
}
"""All that is kept of a state file: the rest may be passwords."""
STRANGE = (AttributeError, KeyError, TypeError, ValueError)
"""What a text raises that is no state of Terraform, or an unknown sort of it."""
CHOSEN_BY_AWS = re.compile(
    r"[a-z][a-z-]*-[0-9a-f]{8,17}|[EZ][0-9A-Z]{9,31}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
"""Ids that no two objects share, whatever their types. All others are names."""
REVISION = re.compile(r"(:task-definition/[^:]+):\d+$")

IGNORE_TAGS = """\
provider "aws" {
  ignore_tags {
    key_prefixes = ["muvi-converge:"]
  }
}"""
"""What their code needs where both know one object, or their next apply takes our tags away."""


@dataclass(frozen=True)
class Standing:
    """Where an object stands in Terraform."""

    address: str
    """Terraform's own: `module.prod.aws_ecs_service.web["blue"]`."""
    state: str

    def __str__(self) -> str:
        return f"Terraform ({self.state})"


class Terraform:
    """The state files of one environment, each read once, and not before somebody asks."""

    def __init__(self, aws: Aws, region: str, folder: Path, states: Sequence[str]) -> None:
        self._aws, self._region, self._folder, self._states = aws, region, folder, states
        self.unread: dict[str, str] = {}
        """Why a state file could not be read, by its name."""
        self._reading = Lock()

    def owns(self, kind: str, id: str, arns: Collection[str]) -> Standing | None:
        """Where an object of our type `kind` stands. It goes by its ARN if AWS gives it one."""
        if not self._states:
            return None
        with self._reading:
            known, named = self._known, self._named
        for each in (id, *arns):
            if found := known.get(_plain(each)):
                return found
        if arns or id.startswith("arn:"):
            return None
        # A name: an S3 bucket and a log group may share it.
        thing = f"_{kind.partition('.')[2]}"
        return next((each for each in named.get(id, ()) if _type(each).endswith(thing)), None)

    @cached_property
    def _read(self) -> list[tuple[str, Standing]]:
        return [pair for state in self._states for pair in self._listed(state)]

    @cached_property
    def _known(self) -> Mapping[str, Standing]:
        """By ARN, and by id where AWS chose it."""
        pairs = ((_plain(id), standing) for id, standing in self._read)
        return {i: each for i, each in pairs if i.startswith("arn:") or CHOSEN_BY_AWS.fullmatch(i)}

    @cached_property
    def _named(self) -> Mapping[str, list[Standing]]:
        named: defaultdict[str, list[Standing]] = defaultdict(list)
        for id, standing in self._read:
            named[id].append(standing)
        return named

    def _listed(self, state: str) -> list[tuple[str, Standing]]:
        try:
            return list(_objects(self._document(state), state))
        except (ClientError, BotoCoreError, OSError, *STRANGE) as error:
            self.unread[state] = str(error) or type(error).__name__
            return []

    def _document(self, state: str) -> Any:
        document = json.loads(self._text(state), object_hook=_kept)
        if not isinstance(document, Mapping) or "version" not in document:
            raise ValueError("it is no state of Terraform")
        if document["version"] != VERSION:
            raise ValueError(f"its format is version {document['version']}; we read {VERSION}")
        return document

    def _text(self, state: str) -> bytes:
        if not (remote := REMOTE.fullmatch(state)):
            return (self._folder / state).read_bytes()
        client = self._aws.client("s3", self._region)
        answer = client.get_object(Bucket=remote["bucket"], Key=remote["key"])
        text: bytes = answer["Body"].read()
        return text


def _kept(mapping: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name in KEPT}


def _objects(document: Mapping[str, Any], state: str) -> Iterator[tuple[str, Standing]]:
    """Ids and ARNs of what Terraform manages; data sources only look at what others own."""
    for resource in document.get("resources") or ():
        if resource.get("mode") != "managed":
            continue
        for instance in resource.get("instances") or ():
            standing = Standing(_address(resource, instance), state)
            attributes = instance.get("attributes") or {}
            for id in {attributes.get("id"), attributes.get("arn")}:
                if isinstance(id, str) and id:
                    yield id, standing


def _address(resource: Mapping[str, Any], instance: Mapping[str, Any]) -> str:
    module = f"{resource['module']}." if resource.get("module") else ""
    key = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
    return f"{module}{resource['type']}.{resource['name']}{key}"


def _type(standing: Standing) -> str:
    """`aws_s3_bucket`: what stands before the name, behind the modules."""
    whole = re.sub(r"\[[^\]]*\]", "", standing.address)
    return whole.split(".")[-2]


def _plain(id: str) -> str:
    """Without what one of the two leaves out: a revision, or what is inside of a log group."""
    return REVISION.sub(r"\1", id.removesuffix(":*"))
