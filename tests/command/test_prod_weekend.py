"""A weekend of production itself: desired/prod over an account that others filled and write to.

Enforced, and at its begin and its end watched, from Thursday to Sunday no run writes a thing."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reconciler.sandbox.server import forget, serve, session
from tests.command.lab import Lab
from tests.command.running import Ran
from tests.command.test_weekend import Others
from tests.prod_account import fill
from tests.prod_account.tables import ACCOUNT

DESIRED = Path(__file__).parents[2] / "desired"
ALL = "create,adopt,update,disrupt,replace,delete"
MAIN = "muvi-prod-main-service"


class Everybody(Others):
    """Who writes to production. The function is one whose runtime AWS still updates."""

    account = ACCOUNT
    instances = (f"{MAIN}-instance-1", f"{MAIN}-instance-2")
    function = "process-expired-cashback-transaction"
    quiet = {"gateway": 7, "main-grpc": 7}


DAYS = (
    ("Thursday 16:00", ("deploy", "deploy_function", "scale_out", "weekend")),
    ("Thursday 20:00", ("scale_up", "busy_evening")),
    ("Friday 02:00", ("quiet_night", "backup")),
    ("Friday 20:00", ("busy_evening", "attack", "deploy_again")),
    ("Saturday 04:00", ("minor_upgrade", "quiet_night")),
    ("Sunday 02:00", ("scale_down", "attack_is_over", "deploy_with_tags", "quiet_night")),
    ("Sunday 06:00", ("scale_in", "weekend_is_over", "quiet_night")),
)
BEYOND = {
    "ecs.service/gateway": lambda others: others.count("gateway", 121),
    "application_autoscaling.scalable_target/main-grpc": lambda others: others.least(
        "main-grpc", 2
    ),
    f"rds.db_instance/{MAIN}-reader": lambda others: others.size(
        others.instances[1], "db.t3.medium"
    ),
    "ecs.task_definition/muvi-gateway": lambda others: others.deploy("1", "muvi-main"),
    "rds.db_cluster/prod-alldb-mig": lambda others: others.seventh_day(),
}

WRITTEN = tuple(
    part
    for kind in (
        "application_autoscaling.scalable_target",
        "ecs.service",
        "ecs.task_definition",
        "lambda.function",
        "rds.db_cluster",
        "rds.db_instance",
        "wafv2.web_acl",
    )
    for part in ("--only", kind)
)
"""What others write to: what is looked at every hour."""
WHOLE = {"Thursday 16:00", "Sunday 06:00"}
"""When who enforces looks at everything."""


@dataclass
class Story:
    """What each run found, one after the other."""

    adopted: Ran
    hours: dict[str, list[Ran]] = field(default_factory=dict)
    """Enforcing, and at the begin and the end watching too."""
    drifted: list[Ran] = field(default_factory=list)


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    forget()
    home = tmp_path_factory.mktemp("weekend")
    shutil.copytree(DESIRED / "prod", home / "prod")
    _name_instances(home / "prod" / "03-databases.yaml")
    with serve(ACCOUNT) as url:
        lab = Lab(home, url, "prod", whole=True)
        fill(session(url).client)
        for _ in range(2):  # until what was just made is ready, as it has long been
            lab.json("--policy", "--dry-run")
        told = Story(lab.json("--policy", "--allow", "adopt"))
        others = Everybody(lab)
        for hour, events in DAYS:
            for event in events:
                getattr(others, event)()
            looked = () if hour in WHOLE else WRITTEN
            told.hours[hour] = [lab.json("--policy", "--allow", ALL, *looked)]
            if hour in WHOLE:
                told.hours[hour].append(lab.json("--policy", *WRITTEN))
        for step in BEYOND.values():
            step(others)
        told.drifted += [lab.json("--policy", *WRITTEN), lab.run("--policy", *WRITTEN)]
        yield told
    forget()


def _name_instances(file):
    """As people will, once discovery has told them which instances there are."""
    text = file.read_text()
    for number, role in enumerate(("writer: {}", "reader:"), 1):
        name = f"DBInstanceIdentifier: '${{each.key}}-instance-{number}'"
        said = f"writer: {{{name}}}" if number == 1 else f"reader:\n    {name}"
        assert text.count(f"${{each.key}}-{role}") == 1
        text = text.replace(f"${{each.key}}-{role}", f"${{each.key}}-{said}")
    within = "by: the weekend functions}}\n    $unnamed: true\n"
    assert text.count(within) == 2
    file.write_text(text.replace(within, within.partition("\n")[0] + "\n"))


@pytest.mark.parametrize("hour", dict(DAYS))
def test_from_thursday_to_sunday_we_write_nothing(story, hour):
    assert (story.adopted.code, {*story.adopted.actions.values()}) == (0, {"adopt"})
    for ran in story.hours[hour]:
        assert (ran.code, ran.writes) == (0, []), ran.err
        assert {*ran.actions.values()} <= {"wait"}  # what others are changing is busy


def test_the_instances_of_the_weekend_were_compared(story):
    """Else their silence would mean nothing."""
    ran = story.hours["Thursday 16:00"][-1]
    for role in ("writer", "reader"):
        instance = ran.resources[f"rds.db_instance/{MAIN}-{role}"]
        assert instance["id"] in Everybody.instances
        assert instance["owner"] == "muvi-converge (prod)"


def test_outside_of_the_bounds_it_is_drift_and_who_watches_only_tells(story):
    ran, text = story.drifted
    assert (ran.code, ran.writes, text.writes) == (2, [], [])
    assert ran.actions.keys() == BEYOND.keys()
    assert {ran.resources[address]["status"] for address in BEYOND} == {"refused"}
    told = " ".join(text.out.split())
    assert re.search(r"Looked at \d+ resources: ", told)
    assert "Left to others: " in told
