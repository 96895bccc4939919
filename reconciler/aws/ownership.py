"""Whose an object is: the tags by which we know our own."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from reconciler.aws.terraform import IGNORE_TAGS, Standing, Terraform
from reconciler.model import Tags

MARK = "muvi-converge:"
"""What the tags begin with that only the engine writes."""
ENVIRONMENT = f"{MARK}environment"
ADDRESS = f"{MARK}address"
RETIRED = "retired:"
"""What the address of an object begins with once another takes its place."""
PROTECT = f"{MARK}protect"
"""Written where `$protect` or stored data forbids a delete: it outlives the YAML."""

SERVICES = {
    "aws:autoscaling:groupName": "Auto Scaling group {}",
    "aws:backup:source-resource": "AWS Backup",
    "aws:cloudformation:stack-name": "CloudFormation stack {}",
    "aws:eks:cluster-name": "EKS cluster {}",
    "aws:secretsmanager:owningService": "{}",
    "aws:servicecatalog:productArn": "Service Catalog",
    "aws:servicecatalog:provisioningPrincipalArn": "Service Catalog",
}
"""Tags that only AWS can write, and whom they name as the maker of an object."""

LONGEST = 256  # characters in a tag's value
# https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
REFUSED = re.compile(r"[^\w .:/+\-@]", re.ASCII)
ESCAPED = re.compile(r"=([0-9A-F]+)=")


def escape(address: str) -> str:
    """An address as a tag's value may hold it: `*.uat` becomes `=2A=.uat`."""
    return REFUSED.sub(lambda match: f"={ord(match[0]):X}=", address)[:LONGEST]


def unescape(value: str) -> str:
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)


def marks(environment: str, address: str) -> dict[str, str]:
    """The two tags that say that an object is ours, and which resource it is."""
    return {ENVIRONMENT: environment, ADDRESS: escape(address)}


def owner(tags: Tags) -> str:
    """Who made an object, as far as its tags tell; empty where they do not."""
    if ENVIRONMENT in tags:
        return f"muvi-converge ({tags[ENVIRONMENT]})"
    return next((who.format(tags[tag]) for tag, who in SERVICES.items() if tag in tags), "")


@dataclass(frozen=True)
class Ownership:
    """Whose one object is, by everything that tells: its tags, AWS, Terraform's state."""

    ours: str = ""
    """`muvi-converge (ENVIRONMENT)` where it carries our tags."""
    other: str = ""
    """Who else owns it and would undo what we do to it; empty if nobody does."""
    release: str = ""
    """What makes that other let go of it."""
    code: str = ""
    """What must stand in that other's code if both of us know the object."""
    unread: str = ""
    """The state files that might name another owner, and cannot be read."""

    def __str__(self) -> str:
        return " and ".join(filter(None, (self.ours, self.other)))

    @property
    def yields(self) -> bool:
        """Whether the object is left to another, or to who may be another."""
        return bool(self.other or (self.unread and not self.ours))

    def objection(self, final: bool) -> str:
        """What speaks against a change, and what to do first; `final`: none can be undone."""
        if self.other:
            return f"{self.other} owns it and would undo it: {self.release}"
        if self.unread and (final or not self.ours):
            return f"{MAYBE}: let us read {self.unread} first"
        return ""


NOBODY = Ownership()
MAYBE = "it may be Terraform's"
"""Said of what carries no tag of ours while one of the state files cannot be read."""


def ownership(
    tags: Tags, managed_by: str, terraform: Terraform, told: Standing | None
) -> Ownership:
    """Put together what is known; `told`: where the object stands in Terraform.

    That counts even beside our tags: its next apply writes. The tags of a stack may outlive the
    stack, so ours count more."""
    ours = owner(tags) if ENVIRONMENT in tags else ""
    if told:
        release = f"`terraform state rm {shlex.quote(told.address)}` there first"
        return Ownership(ours, str(told), release, IGNORE_TAGS)
    unread = ", ".join(terraform.unread)
    if ours:
        return Ownership(ours, unread=unread)
    if other := managed_by or owner(tags):
        return Ownership("", other, "take it out there first")
    return Ownership(unread=unread) if unread else NOBODY
