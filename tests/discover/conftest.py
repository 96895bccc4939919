"""An account that somebody else filled, and an environment that declares nothing of it yet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from reconciler.discover.discovery import discover
from reconciler.discover.files import write
from reconciler.load import load
from reconciler.model import Action, Asked
from reconciler.plan.estate import Estate
from reconciler.run import Request, Run
from tests.conftest import ACCOUNT, REGION
from tests.living import Silent

WATCHING = f"""\
# Production: whatever it is, nobody writes to it.
account: '{ACCOUNT}'
region: {REGION}
zones: [{REGION}a, {REGION}b]
lists: at_least
policy: {{all: refuse}}
"""
QUIET = {Action.NO_OP, Action.WAIT}


class Home:
    """A folder of environments, of which one only watches."""

    def __init__(self, folder: Path, aws) -> None:
        self.folder, self.aws = folder, aws
        self.files = folder / "prod"
        self.files.mkdir()
        (self.files / "environment.yaml").write_text(WATCHING)

    def declared(self):
        return load(self.folder, "prod", bare=True)

    def discover(self, *types: str):
        return discover(self.declared(), self.aws, types)

    def write(self, *types: str):
        """Discover and write; what was discovered."""
        found = self.discover(*types)
        write(self.declared().environment, found.additions)
        return found

    def texts(self) -> dict[str, bytes]:
        return {each.name: each.read_bytes() for each in sorted(self.files.iterdir())}

    def plan(self, *types: str):
        """What a run would do by now, policy as it is; of those of these types that we have."""
        declared = self.declared()
        only = tuple({each.type for each in declared.resources.values()} & set(types))
        request = Request("r", dry=True, only=only)
        run = Run(declared, self.aws, Asked, request, Silent(), lambda _: True)
        return {each.address: each for each in run().decisions}

    def entries(self) -> dict[str, dict]:
        """What the files say, by address, as any YAML reader reads it."""
        found = {}
        for file in self.files.glob("[0-9]*.yaml"):
            for document in yaml.safe_load_all(file.read_text()):
                for kind, names in document.items():
                    found |= {f"{kind}/{name}": entry for name, entry in names.items()}
        return found


@pytest.fixture
def home(aws, tmp_path):
    folder = tmp_path / "desired"
    folder.mkdir()
    return Home(folder, aws)


def forget(estate: Estate) -> None:
    """Take our tags away, as if somebody else had made all of it."""
    for address in estate.resources:
        observed, handler = estate.look(address, estate.begun), estate.handler(address)
        if observed and handler.marked():
            theirs = {n: v for n, v in observed.tags.items() if not n.startswith("muvi-converge")}
            handler.tag(observed, theirs)


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w./:-]+", text))
