"""Whose an object is: the tags by which we know our own."""

from __future__ import annotations

import re

from reconciler.model import Tags

ENVIRONMENT = "muvi-converge:environment"
ADDRESS = "muvi-converge:address"
RETIRED = "retired:"
"""What the address of an object begins with once another takes its place."""
PROTECT = "muvi-converge:protect"
"""Written where `$protect` or stored data forbids a delete: it outlives the YAML."""

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
    if "aws:cloudformation:stack-name" in tags:
        return f"CloudFormation stack {tags['aws:cloudformation:stack-name']}"
    return ""
