"""`validate`, `graph`, `explain` and `show`, which change nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command.running import ENVIRONMENT, command

SHOP = """
ecr.repository: {shop: {}}
ecs.cluster: {shop: {}}
ecs.task_definition:
  shop:
    containerDefinitions: [{name: it, image: '${ecr.repository/shop.repositoryUri}:1', memory: 64}]
"""
OUTPUTS = "outputs: {uri: '${ecr.repository/shop.repositoryUri}'}\n"
DESIRED = str(Path(__file__).parents[2] / "desired")


@pytest.fixture
def shop(lab):
    lab.declare(ENVIRONMENT + OUTPUTS, it=SHOP)
    return lab


def test_validate_asks_nobody_and_counts(shop):
    ran = shop.elsewhere("validate")
    assert (ran.code, ran.calls) == (0, [])
    assert ran.out == "3 resources are declared as they should be.\n"


def test_every_environment_that_we_ship_is_valid():
    for folder in (file.parent for file in Path(DESIRED).glob("*/environment.yaml")):
        ran = command("--desired", DESIRED, "--env", folder.name, "validate")
        assert ran.code == 0, ran.err


def test_shared_options_stand_before_a_subcommand_or_behind_it(shop):
    shown = shop.elsewhere("show", "--sandbox", shop.endpoint, "--output", "json")
    assert (shown.code, json.loads(shown.out)) == (0, {"uri": None})
    assert shop.run("show", "--output", "json").out == shown.out


def test_graph_lists_everything_after_what_it_stands_on(shop):
    ran = shop.elsewhere("graph", "--order")
    assert (ran.code, ran.calls) == (0, [])
    order = [line.split()[1] for line in ran.out.splitlines()]
    assert len(order) == 3
    assert order.index("ecr.repository/shop") < order.index("ecs.task_definition/shop")


def test_graph_draws_who_waits_for_whom(shop):
    ran = shop.elsewhere("graph")
    first, *rest = ran.out.splitlines()
    assert (ran.code, first) == (0, "graph LR")
    names = {line.split('"')[1]: line.split("[")[0].strip() for line in rest if '"' in line}
    arrow = f"{names['ecr.repository/shop']} --> {names['ecs.task_definition/shop']}"
    assert [line.strip() for line in rest if "->" in line] == [arrow]


def test_graph_draws_dotted_what_may_be_finished_later(lab):
    lab.declare(
        it="""
        iam.role:
          runs:
            AssumeRolePolicyDocument:
              Statement:
                {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
        lambda.function:
          sync:
            Role: ${iam.role/runs.Arn}
            $initial: {Code: {ImageUri: sync}}
            Permissions:
              - StatementId: rule
                Action: lambda:InvokeFunction
                Principal: events.amazonaws.com
                SourceArn: ${events.rule/hourly.Arn}
        events.rule: {hourly: {ScheduleExpression: rate(1 hour)}}
        """
    )
    arrows = [line.split()[1] for line in lab.elsewhere("graph").out.splitlines() if "->" in line]
    assert sorted(arrows) == ["-->", "-.->"]


def test_explain_tells_the_facts_of_a_type(shop):
    ran = shop.elsewhere("explain", "ecr.repository")
    assert (ran.code, ran.calls) == (0, [])
    assert "API_Repository.html" in ran.out
    assert "key             repositoryName" in ran.out
    assert "immutable" in ran.out
    assert "imageTagMutability" in ran.out
    unknown = shop.elsewhere("explain", "ecr.repositry")
    assert unknown.code == 1
    assert "Did you mean ecr.repository?" in unknown.err


def test_explain_tells_what_would_be_made_and_what_that_needs(shop):
    ran = shop.run("explain", "ecs.task_definition/shop")
    assert (ran.code, ran.writes) == (0, [])
    assert told(ran)["object"] == "AWS has none"
    assert told(ran)["action"] == "create: AWS has none"
    assert told(ran)["refers to"].startswith("ecr.repository/shop (containerDefinitions")


def test_explain_tells_whose_an_object_is_and_what_holds_its_change(shop):
    assert shop.run().code == 0
    policy = "policy: {all: refuse}"
    shop.declare(ENVIRONMENT + policy, it=SHOP.replace("{shop: {}}", FIXED, 1))
    ran = shop.run("--policy", "explain", "ecr.repository/shop")
    assert (ran.code, ran.writes) == (0, [])
    assert told(ran)["object"] == "arn:aws:ecr:eu-central-1:123456789012:repository/shop"
    assert told(ran)["found"] == "by our address tag"
    assert told(ran)["owner"] == "muvi-converge (test)"
    assert told(ran)["action"] == "update: imageTagMutability differs from the YAML"
    assert told(ran)["held by"].endswith("--allow update lifts it for one run")
    assert told(ran)["differs"] == "imageTagMutability: 'MUTABLE' → 'IMMUTABLE'"

    fields = told(shop.run("explain", "ecs.task_definition/shop"))
    assert fields["field"].startswith("containerDefinitions[it].image belongs to the pipeline: ")
    assert fields["field"].endswith(".amazonaws.com/shop[:@]*")


FIXED = "{shop: {imageTagMutability: IMMUTABLE}}"


def told(ran):
    return {line[:10].strip(): line[11:] for line in ran.out.splitlines()}


def test_show_prints_the_outputs(shop):
    assert shop.run("show").out == "uri  (not known yet)\n"
    assert shop.run().code == 0
    uri = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop"
    ran = shop.run("show")
    assert (ran.code, ran.writes, ran.out) == (0, [], f"uri  {uri}\n")
    assert json.loads(shop.json("show").out) == {"uri": uri}
