"""Jobs of the workflows in docs/workflows, run as GitHub's runner would, without its host.

Every `run:` is run by bash; what an action does is said by the test. AWS is a sandbox, `gh` a
program that writes down what it is asked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / "docs/workflows"
EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")
GIT = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Tester"), ("EMAIL", "tester@muvi.example"))
}
SETUP = """#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .venv/bin
cp "$TOOL" .venv/bin/muvi-converge
"""
"""In scripts/setup's place: the tool of this checkout, in the sandbox."""
TOOL = """#!/bin/sh
PYTHONPATH={root} exec {python} -m tests.workflows.tool "$@"
"""
GH = """#!{python}
import json, os, pathlib, sys
body = [pathlib.Path(each[6:]).read_text() for each in sys.argv if each.startswith("body=@")]
with open(os.environ["ASKED"], "a") as asked:
    print(json.dumps({{"arguments": sys.argv[1:], "body": body}}), file=asked)
if "--jq" in sys.argv:
    print(pathlib.Path(os.environ["ANSWER"]).read_text(), end="")
"""
Action = Callable[[Mapping[str, str]], None]


class Said(dict[str, str]):
    """What a step has said; of what it did not say GitHub takes nothing."""

    def __missing__(self, name: str) -> str:
        return ""


def workflow(name: str) -> dict[str, Any]:
    """A workflow; `yes`, `on` and numbers are texts in it, as for GitHub."""
    return yaml.load((WORKFLOWS / f"{name}.yaml").read_text(), yaml.BaseLoader)


def lookup(contexts: Mapping[str, Any], path: str) -> str:
    """The value of `github.event.number`. KeyError where GitHub would quietly take nothing."""
    value: Any = contexts
    for each in path.split("."):
        value = value[each]
    return str(value)


def filled(text: str, contexts: Mapping[str, Any]) -> str:
    """A text with its expressions put in."""
    return EXPRESSION.sub(lambda match: lookup(contexts, match[1]), text)


def holds(condition: str, contexts: Mapping[str, Any]) -> bool:
    """Whether an `if:` of the form `a == b` lets something run."""
    left, right = condition.split(" == ")
    other = right.strip("'") if right.startswith("'") else lookup(contexts, right)
    return lookup(contexts, left) == other


@dataclass
class Host:
    """What a runner has: a workspace, GitHub's files, programs on its PATH."""

    folder: Path
    endpoint: str
    actions: dict[str, Action] = field(default_factory=dict)
    contexts: dict[str, Any] = field(default_factory=dict)
    log: str = ""

    def __post_init__(self) -> None:
        self.workspace = self.folder / "workspace"
        self.workspace.mkdir(parents=True)
        (self.folder / "bin").mkdir()
        for name, text in (("gh", GH), ("tool", TOOL)):
            file = self.folder / "bin" / name
            file.write_text(text.format(python=sys.executable, root=ROOT))
            file.chmod(0o755)
        for name in ("summary", "output", "asked", "answer"):
            (self.folder / name).write_text("")

    @property
    def summary(self) -> str:
        return (self.folder / "summary").read_text()

    @property
    def variables(self) -> dict[str, str]:
        return {
            **GIT,
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "TOOL": str(self.folder / "bin/tool"),
            "SANDBOX": self.endpoint,
            "ASKED": str(self.folder / "asked"),
            "ANSWER": str(self.folder / "answer"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_REPOSITORY": "muvi/infrastructure",
        }

    def run(self, name: str, job: str) -> int:
        """The exit code of a job's first step that fails, or 0."""
        whole = workflow(name)
        assert whole["defaults"] == {"run": {"shell": "bash"}}
        self.contexts["steps"] = {}
        self.contexts["env"] = {k: filled(v, self.contexts) for k, v in whole["env"].items()}
        for step in whole["jobs"][job]["steps"]:
            if "if" in step and not holds(step["if"], self.contexts):
                continue
            if code := self.step(step):
                return code
        return 0

    def step(self, step: Mapping[str, Any]) -> int:
        """One step's exit code; its output is kept."""
        if "uses" in step:
            given = {k: filled(v, self.contexts) for k, v in step.get("with", {}).items()}
            self.actions[step["uses"].partition("@")[0]](given)
            return 0
        script = self.folder / "script"
        script.write_text(step["run"])
        (self.folder / "output").write_text("")
        own = {k: filled(v, self.contexts) for k, v in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=self.workspace / step.get("working-directory", "."),
            env={**self.variables, **self.contexts["env"], **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.log += done.stdout
        said = (self.folder / "output").read_text().splitlines()
        outputs = Said(line.split("=", 1) for line in said)
        self.contexts["steps"][step.get("id", "")] = {"outputs": outputs}
        return done.returncode


def git(folder: Path, *arguments: str) -> str:
    """A command of git's, in a repository of the test."""
    command = ["git", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false", *arguments]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **GIT}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def commit(folder: Path, **files: str) -> None:
    """A commit of these files, by path."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        if path.startswith("scripts/"):
            file.chmod(0o755)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "A change")
