"""Connections wait for a person, and what takes code through them stands behind."""

from reconciler.model import Desired, Found, Status
from reconciler.result import Fate
from reconciler.sandbox.codeconnections import connections
from reconciler.sandbox.people import people
from resources.codeconnections.connection import Connection
from tests.conftest import ACCOUNT, REGION
from tests.handlers import steps
from tests.handlers.pipelines import ARN, TRUST, stage
from tests.living import actions, failures, loaded, run, written


def first_day(folder):
    environment = {"account": ACCOUNT, "region": REGION, "lists": "exact"}
    it = {
        "codeconnections.connection": {"muvi-github": {"ProviderType": "GitHub"}},
        "iam.role": {"pipelines": {"AssumeRolePolicyDocument": TRUST}},
        "codepipeline.pipeline": {
            "it": {
                "roleArn": "${iam.role/pipelines.Arn}",
                "artifactStore": {"type": "S3", "location": "muvi-artifacts"},
                "stages": [
                    stage(
                        "Source",
                        configuration={
                            "ConnectionArn": "${codeconnections.connection/muvi-github."
                            "ConnectionArn}",
                            "FullRepositoryId": "muvi/web",
                            "BranchName": "main",
                        },
                    ),
                    stage("Approval"),
                ],
            }
        },
    }
    return loaded(written(folder, environment, it=it))


def test_a_pipeline_waits_until_a_person_has_let_aws_in(aws, tmp_path, monkeypatch):
    monkeypatch.setattr(people, "absent", True)
    types = ("codepipeline.pipeline", "codeconnections.connection", "iam.role")
    result = run(first_day(tmp_path), aws, only=types)[1]
    outcomes = {address: each.fate for address, each in result.outcomes.items()}
    assert outcomes == {
        "iam.role/pipelines": Fate.DONE,
        "codeconnections.connection/muvi-github": Fate.WAITING,
        "codepipeline.pipeline/it": Fate.WAITING,
    }
    (wait,) = result.outcomes["codeconnections.connection/muvi-github"].waits
    (arn,) = connections[ACCOUNT][REGION].connections
    assert wait.who == "an owner of the GitHub organisation"
    console = f"https://{REGION}.console.aws.amazon.com/codesuite/settings/{ACCOUNT}/{REGION}"
    assert f"{console}/codeconnections/connections/{arn.rpartition('/')[2]}" in wait.what

    connections[ACCOUNT][REGION].shake_hands(arn)
    again = run(first_day(tmp_path), aws, only=types)[1]
    assert failures(again) == {}
    assert actions(run(first_day(tmp_path), aws, dry=True, only=types)[1]) == {}


def test_a_connection_that_broke_waits_for_people_and_is_not_made_again(aws):
    handler = Connection(aws, REGION)
    arn = handler.create(Desired({"ConnectionName": "it", "ProviderType": "GitHub"}))
    connections[ACCOUNT][REGION].connections[arn]["ConnectionStatus"] = "ERROR"
    observed = steps.look(handler, arn)
    assert observed.status is Status.WAITING
    assert "connect it anew" in observed.waits[0].what


def test_what_was_made_under_the_former_name_is_found_once(aws):
    former = aws.client("codestar-connections", REGION)
    arn = former.create_connection(ConnectionName="it", ProviderType="GitHub")["ConnectionArn"]
    assert [each.id for each in Connection(aws, REGION).listed()] == [arn]


def test_a_connection_that_is_gone_while_it_is_looked_at_is_gone(aws):
    shown = {"ConnectionName": "it", "ConnectionArn": ARN, "ConnectionStatus": "AVAILABLE"}
    assert Connection(aws, REGION).get(Found(ARN, shown), set()) is None


def test_nobody_asks_for_connections_where_there_are_none(aws, tmp_path):
    environment = {"account": ACCOUNT, "region": "me-central-1", "regions": {"edge": "us-east-1"}}
    declared = loaded(written(tmp_path, environment, it={"sns.topic": {"it": {}}}))
    result = run(declared, aws, dry=True)[1]
    unread = [each for each in result.coverage.unread if "connection" in str(each)]
    assert unread == []
    assert result.calls["codeconnections"] == 1
