"""Production, as somebody else made it, of which nothing is declared yet: all of it is discovered.

What discovery does beside what is declared already, tests/command/test_adoption.py tells."""

from __future__ import annotations

import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reconciler.aws import Aws
from reconciler.discover.sections import SECTIONS
from reconciler.load import load
from reconciler.model import Asked
from reconciler.plan.estate import Estate
from reconciler.plan.observe import observe
from reconciler.sandbox.server import confined, serve, session
from tests.command.lab import Lab
from tests.command.running import command
from tests.discover.conftest import forget

ACCOUNT, REGION = "011566070219", "eu-central-1"
STATE = "terraform-statefile-muvi"
DESIRED = Path(__file__).parents[2] / "desired"


class Watched:
    """A folder that only watches the account."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self.files = folder / "prod"
        self._place = ("--env", "prod", "--desired", str(folder), "--sandbox", endpoint)

    def discover(self, *more):
        return command("discover", *self._place, *more)

    def plan(self):
        return command(*self._place, "--dry-run", "--policy", "--output", "json")

    def texts(self):
        return {each.name: each.read_bytes() for each in self.files.glob("*.yaml")}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    """Everything that production declares lives there, without a tag of ours; and in its network
    neither subnets nor route tables have names."""
    folder = tmp_path_factory.mktemp("made")
    shutil.copytree(DESIRED / "prod", folder / "prod")
    with serve(ACCOUNT) as url:
        lab = Lab(folder, url, "prod", whole=True)
        built = lab.json("--allow", "create,update,adopt,replace,delete")
        assert built.code == 0, built.err
        aws = Aws(session(url), ACCOUNT, endpoint=url, prepare=confined(url))
        estate = Estate(load(folder, "prod", bare=True), aws, "r", Asked)
        with ThreadPoolExecutor(8) as pool:
            observe(estate, list(estate.resources), pool)
        forget(estate)
        state = json.dumps({"version": 4, "resources": []})
        lab.client("s3", REGION).put_object(Bucket=STATE, Key="terraform.tfstate", Body=state)
        ec2 = lab.client("ec2", REGION)
        tables, subnets = ec2.describe_route_tables(), ec2.describe_subnets()
        ids = [each["RouteTableId"] for each in tables["RouteTables"]]
        ids += [each["SubnetId"] for each in subnets["Subnets"]]
        ec2.delete_tags(Resources=ids, Tags=[{"Key": "Name"}])
        yield url


@pytest.fixture
def bare(endpoint, tmp_path):
    """Of which nothing is declared but where it is."""
    (tmp_path / "prod").mkdir()
    shutil.copy(DESIRED / "prod" / "environment.yaml", tmp_path / "prod")
    return Watched(tmp_path, endpoint)


@pytest.fixture
def declared(endpoint, tmp_path):
    """Of which all is declared that the report tells."""
    shutil.copytree(DESIRED / "prod", tmp_path / "prod")
    return Watched(tmp_path, endpoint)


def test_an_account_of_which_nothing_is_declared_is_written_whole(bare):
    written = bare.discover("--write")
    assert written.code == 0, written.err
    assert [each for each in written.calls if not each.reads] == []
    first = bare.texts()
    assert first.keys() - {"environment.yaml"} == {f"{name}.yaml" for name in SECTIONS}

    planned = bare.plan()
    assert planned.code == 0, planned.err
    there = load(DESIRED, "prod", bare=True).resources
    assert len(planned.resources) >= len(there)
    assert set(planned.actions.values()) <= {"no_op"}

    assert bare.discover("--write").code == 0
    assert bare.texts() == first


def test_what_may_be_something_unnamed_is_told_beside_it_and_left(declared):
    printed = declared.discover("ec2.subnet")
    assert printed.code == 0, printed.err
    told = [line for line in printed.out.splitlines() if "may be" in line]
    assert len(told) == 1, printed.out
    assert re.fullmatch(
        r"# ec2\.subnet in eu-west-1 \(owner: nobody\): subnet-\w+, subnet-\w+: may be "
        r"ec2\.subnet/Muvi-DR-a, ec2\.subnet/Muvi-DR-b: "
        r"write its name there and take out \$unnamed",
        told[0],
    )


def test_drift_of_what_is_unnamed_waits_for_its_name(declared):
    refused = declared.discover("--accept", "ec2.subnet/Muvi-DR-a")
    assert refused.code == 1
    assert "nobody has told us yet which one ec2.subnet/Muvi-DR-a is" in refused.err
    assert "subnet-" in refused.err
