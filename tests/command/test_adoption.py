"""Production on first contact: an account that is right, made by others, and full of their things.

Corrections of moto that this needs: all of reconciler/sandbox; the account is an in-process one."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler import registry
from reconciler.sandbox.server import forget, serve, session
from tests.command.running import Ran, command, shared_models
from tests.prod_account import fill
from tests.prod_account.dump import MARK, dump
from tests.prod_account.planted import SECRETS
from tests.prod_account.tables import ACCOUNT, MAIN

DESIRED = Path(__file__).parents[2] / "desired"
TAGGING = {"AddTags", "AddTagsToCertificate", "AddTagsToResource", "ChangeTagsForResource"}
TAGGING |= {"CreateTags", "PutBucketTagging", "TagResource"}
EVERYTHING = "adopt,create,update,disrupt,replace,delete"
OURS = {"muvi-converge:environment", "muvi-converge:address"}
GUARD = "muvi-converge:protect"  # on what holds data, so that no YAML that is lost deletes it
FORGOTTEN = {"redis-token"}  # moto keeps none
TEAMS = 6  # objects that a team has tagged as its own, each by a service with a way of its own
ASKED = {  # whose secrets those are that were planted in what we declare
    "cloudfront.distribution/api.prod.muvicinemas.com",
    "codepipeline.pipeline/Production-Gateway",
    "ecs.task_definition/muvi-gateway",
    "events.rule/film-sync",
    "lambda.function/sync-films-prod",
    "rds.db_cluster/muvi-prod-fb",
}


NAMES = {  # what a person writes who has looked: file, what stands there, what then does
    "s3.bucket/bluepi-billing-cur2-7-011566070219-0a1b2c": (
        "08-buckets.yaml",
        "bluepi-billing-cur2-7-011566070219-unnamed: {$unnamed: true}",
        "bluepi-billing-cur2-7-011566070219-0a1b2c: {}",
    ),
    "backup.backup_vault/muvi-prod-dr": (
        "16-backup.yaml",
        "muvi-prod-dr: {$unnamed: true, $region: dr}",
        "muvi-prod-dr: {BackupVaultName: muvi, $region: dr}",
    ),
    "elbv2.load_balancer/Website-ALB": (
        "05-balancers.yaml",
        "Website-ALB: {$unnamed: true}",
        "Website-ALB: {Name: Website-DR}",
    ),
    "ec2.vpc/Muvi-DR": (
        "12-network.yaml",
        "  Muvi-DR:\n    $unnamed: true\n    $initial: {CidrBlock: 10.231.0.0/16}",
        "  Muvi-DR:\n    Tags: {Name: Muvi-VPC}\n    $initial: {CidrBlock: 10.231.0.0/16}",
    ),
}


@dataclass
class Story:
    """What was done one after the other, and how the account was before and after it."""

    watched: Ran
    adopted: Ran
    again: Ran
    planned: Ran
    """By the YAML that discovery has written."""
    named: Ran
    """Once people have named what discovery could not."""
    discovered: list[Ran]
    """Once printed, twice written."""
    told: list[Ran]
    """All that was said of it in any form."""
    states: dict[str, dict[str, Any]]
    files: dict[str, bytes]
    changed: dict[str, bytes]
    """Files that the second discovery changed."""
    client: Any


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    forget()
    home = tmp_path_factory.mktemp("production")
    shutil.copytree(DESIRED / "prod", home / "prod")
    with serve(ACCOUNT) as url, shared_models():
        clients = session(url).client
        fill(clients)
        yield _told(home, ("--env", "prod", "--desired", str(home), "--sandbox", url), clients)
    forget()


def _told(home, place, clients):
    def run(*more):
        return command(*place, "--policy", *more)

    # These read twice, until what was just made is ready, as it has long been.
    printed, marked_down = command("discover", *place), run("--output", "markdown")
    states = {"before": dump(ACCOUNT)}
    watched = run("--output", "json")
    explained = [command("explain", *place, address) for address in sorted(ASKED)]
    states["watched"] = dump(ACCOUNT)
    adopted = run("--allow", EVERYTHING, "--output", "json", "--verbose")
    states["adopted"] = dump(ACCOUNT)
    again = run("--allow", EVERYTHING, "--verbose")
    written = command("discover", *place, "--write")
    files = _files(home)
    planned = run("--dry-run", "--output", "json")
    rewritten = command("discover", *place, "--write")
    changed = {name: text for name, text in _files(home).items() if files.get(name) != text}
    states["discovered"] = dump(ACCOUNT)
    only = [word for address in _name(home) for word in ("--only", address)]
    named = run(*only, "--allow", EVERYTHING, "--output", "json")
    states["named"] = dump(ACCOUNT)
    discovered = [printed, written, rewritten]
    told = [marked_down, watched, *explained, adopted, again, planned, named, *discovered]
    said = (watched, adopted, again, planned, named, discovered, told)
    return Story(*said, states, files, changed, clients)


def _name(home):
    """Write the names of some that the report has no names for; their addresses."""
    for file, before, after in NAMES.values():
        path = home / "prod" / file
        text = path.read_text()
        assert text.count(before) == 1, f"{file} does not say {before}"
        path.write_text(text.replace(before, after))
    return list(NAMES)


def _files(home):
    return {each.name: each.read_bytes() for each in (home / "prod").glob("*.yaml")}


def test_watching_reads_and_finds_all_that_the_report_states(story):
    assert story.watched.code == 0, story.watched.err
    assert story.watched.actions == {}
    assert story.states["watched"] == story.states["before"]
    assert list(story.states["before"].values()).count("backend") == TEAMS


def test_what_has_no_name_in_the_report_is_not_missed_but_to_be_named(story):
    told = [each for each in story.watched.resources.values() if "discovery" in each["reason"]]
    assert {each["action"] for each in told} == {"no-op"}
    assert len(told) == len(story.watched.document["coverage"]["unnamed"]) > 50


def test_enforcing_changes_nothing_else_of_the_account(story):
    assert story.adopted.code == 0, story.adopted.err
    assert set(story.adopted.actions.values()) <= {"adopt", "wait"}
    assert set(story.adopted.writes) <= TAGGING
    assert story.states["adopted"] == story.states["before"]


def test_each_that_is_adopted_gets_our_tags_by_one_call(story):
    adopted = [each for each in story.adopted.resources.values() if each["action"] == "adopt"]
    assert len(adopted) == len(story.adopted.writes) > 250
    for each in adopted:
        guarded = registry.handler(each["type"]).holds_data
        tags = OURS | ({GUARD} if guarded else set())
        assert {one["path"] for one in each["diff"]} == {f"tags.{name}" for name in tags}
    written = Counter(
        key for call in story.adopted.calls if not call.reads for key in _marks(call.parameters)
    )
    assert written.keys() == {*OURS, GUARD}
    assert {written[name] for name in OURS} == {len(adopted)}


def _marks(value: Any) -> Iterator[str]:
    """The tags of ours that a request writes, whichever way its service spells them."""
    match value:
        case dict():
            yield from (name for name in value if name.startswith(MARK))
            for each in value.values():
                yield from _marks(each)
        case list():
            for each in value:
                yield from _marks(each)
        case str() if value.startswith(MARK):
            yield value


def test_what_another_tool_owns_is_left_to_it(story):
    resources = story.adopted.resources
    assert resources["ec2.vpc/Muvi-VPC"]["owner"].startswith("Terraform")
    assert resources["elbv2.load_balancer/Muvi-Prod"]["owner"].startswith("Terraform")
    stack = "lambda.function/DatadogIntegration-DatadogA-DatadogAPICallFunction"
    assert resources[stack]["owner"] == "CloudFormation stack DatadogIntegration"
    left = {"ec2.vpc/Muvi-VPC", "elbv2.load_balancer/Muvi-Prod", stack}
    assert not left & {a for a, what in story.adopted.actions.items() if what == "adopt"}


def test_the_second_time_there_is_nothing_to_do(story):
    assert (story.again.code, story.again.writes) == (0, [])
    assert "Nothing to do" in story.again.out


def test_discovery_writes_what_is_left_and_the_plan_is_empty(story):
    assert [ran.code for ran in story.discovered] == [0, 0, 0], story.discovered[1].err
    assert (story.planned.code, story.planned.actions) == (0, {}), story.planned.err
    assert len(story.planned.resources) > len(story.watched.resources)
    assert story.changed == {}
    assert story.states["discovered"] == story.states["before"]


def test_what_people_name_is_adopted_as_it_is(story):
    assert story.named.code == 0, story.named.err
    assert story.named.actions == dict.fromkeys(NAMES, "adopt")
    assert len(story.named.writes) == len(NAMES)
    assert story.states["named"] == story.states["before"]


def test_only_adoption_writes(story):
    reading = [ran for ran in story.told if ran not in (story.adopted, story.named)]
    assert [ran.writes for ran in reading if ran.writes] == []


@pytest.mark.parametrize("place", SECRETS)
def test_what_was_planted_is_told_to_nobody(story, place):
    texts = [ran.out + ran.err for ran in story.told]
    texts += [text.decode() for text in story.files.values()]
    assert not any(SECRETS[place] in text for text in texts)
    there = any(SECRETS[place] in str(value) for value in story.states["before"].values())
    assert there is (place not in FORGOTTEN)


def test_what_holds_a_planted_secret_is_spoken_of(story):
    text = "".join(ran.out for ran in story.told)
    assert [address for address in ASKED if address not in text] == []


CHANGES = {
    "a variable": (
        "lambda",
        "update_function_configuration",
        {"FunctionName": "event-test", "Environment": {"Variables": {"STAGE": "test"}}},
    ),
    "a tag": (
        "logs",
        "create_log_group",
        {"logGroupName": "/theirs", "tags": {"team": "web"}},
    ),
    "a capacity": (
        "application-autoscaling",
        "register_scalable_target",
        {
            "ServiceNamespace": "ecs",
            "ResourceId": "service/Muvi-Production/website",
            "ScalableDimension": "ecs:service:DesiredCount",
            "MinCapacity": 6,
        },
    ),
    "an index page": (
        "s3",
        "put_bucket_website",
        {"Bucket": "muvi-cms-prod", "WebsiteConfiguration": {"IndexDocument": {"Suffix": "a"}}},
    ),
    "a profile": (
        "codeguruprofiler",
        "create_profiling_group",
        {"profilingGroupName": "theirs"},
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_that_anybody_makes_would_be_seen(story, what):
    service, operation, parameters = CHANGES[what]
    before = dump(ACCOUNT)
    getattr(story.client(service, region_name=MAIN), operation)(**parameters)
    assert dump(ACCOUNT) != before
