"""Secrets that stand in AWS, or that inputs bring, appear in no output and in no log."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError
from moto.sns.models import sns_backends

from tests.command.running import ACCOUNT, ENVIRONMENT, REGION, RUNS, command

INPUTS = """
inputs:
  certificate: {env: MUVI_TEST_CERTIFICATE, sandbox: certificate for www.muvi.test}
  key: {env: MUVI_TEST_KEY, sandbox: its key}
"""
SHOP = (
    """
acm.certificate:
  www.muvi.test: {Certificate: '${input.certificate}', PrivateKey: '${input.key}'}
"""
    + RUNS
    + """lambda.function:
  sync:
    Runtime: nodejs22.x
    Handler: index.handler
    Role: ${iam.role/runs.Arn}
    Environment: {Variables: {LEVEL: info}}
    $initial: {Code: {Folder: code}}
    Permissions:
      - {StatementId: a, Action: lambda:InvokeFunction, Principal: events.amazonaws.com}

ecs.task_definition:
  shop:
    containerDefinitions:
      - {name: shop, image: shop, memory: 64, environment: [{name: LEVEL, value: info}]}

events.rule:
  hourly:
    ScheduleExpression: rate(1 hour)
    Targets: [{Id: sync, Arn: '${lambda.function/sync.FunctionArn}', Input: '{}'}]

cloudfront.distribution:
  media.muvi.test:
    Comment: ''
    Enabled: true
    Origins:
      Items:
        - Id: shop
          DomainName: shop.muvi.test
          CustomOriginConfig: {HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: https-only}
          CustomHeaders: {Items: [{HeaderName: x-origin, HeaderValue: declared}]}
    DefaultCacheBehavior:
      TargetOriginId: shop
      ViewerProtocolPolicy: https-only
      CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
"""
)
PLACES = [
    "lambda.function/sync",
    "ecs.task_definition/shop",
    "events.rule/hourly",
    "cloudfront.distribution/media.muvi.test",
]
PLANTED = [
    f"hunter2-{place}" for place in ("function", "task", "side-car", "rule", "origin", "more")
]


def plant(lab):
    """Somebody writes secrets where we want something else, and beside it."""
    function, task, beside, rule, origin, more = PLANTED
    variables = {"LEVEL": function, "TOKEN": more}
    lab.client("lambda", REGION).update_function_configuration(
        FunctionName="sync", Environment={"Variables": variables}
    )
    container = {"name": "shop", "image": "shop", "memory": 64}
    environment = [{"name": "LEVEL", "value": task}, {"name": "TOKEN", "value": beside}]
    ecs = lab.client("ecs", REGION)
    tags = ecs.describe_task_definition(taskDefinition="shop", include=["TAGS"])["tags"]
    ecs.register_task_definition(
        family="shop", containerDefinitions=[{**container, "environment": environment}], tags=tags
    )
    events = lab.client("events", REGION)
    (target,) = events.list_targets_by_rule(Rule="hourly")["Targets"]
    events.put_targets(Rule="hourly", Targets=[{**target, "Input": f'{{"token": "{rule}"}}'}])
    _head(lab.client("cloudfront"), origin, more)


def _head(cloudfront, *values):
    (one,) = cloudfront.list_distributions()["DistributionList"]["Items"]
    answer = cloudfront.get_distribution_config(Id=one["Id"])
    config = answer["DistributionConfig"]
    headers = [
        {"HeaderName": f"x-{name}", "HeaderValue": value}
        for name, value in zip(("origin", "more"), values, strict=True)
    ]
    config["Origins"]["Items"][0]["CustomHeaders"] = {"Quantity": 2, "Items": headers}
    cloudfront.update_distribution(Id=one["Id"], IfMatch=answer["ETag"], DistributionConfig=config)


@pytest.fixture
def shop(lab):
    lab.declare(ENVIRONMENT + INPUTS, it=SHOP)
    (lab.folder / "test" / "code").mkdir()
    (lab.folder / "test" / "code" / "index.js").write_text("exports.handler = () => {}")
    built = lab.run("--verbose")
    assert built.code == 0, built.err
    assert "PRIVATE KEY" not in built.out + built.err
    plant(lab)
    return lab


def quoting(call):
    """AWS's messages may quote what was sent, and what was there."""
    if call.operation != "UpdateFunctionConfiguration":
        return None
    words = f"cannot go from {PLANTED[0]} to {call.parameters}"
    error = {"Error": {"Code": "InvalidParameter", "Message": words}}
    return ClientError({**error, "ResponseMetadata": {"HTTPStatusCode": 400}}, call.operation)


def test_no_secret_is_ever_shown(shop):
    plans = [shop.run("--dry-run", "--output", form) for form in ("text", "json", "markdown")]
    told = [shop.run("explain", place) for place in PLACES]
    failed = shop.run("--verbose", fault=quoting)
    repaired = shop.run("--verbose")
    assert [each.code for each in (*plans, failed, repaired)] == [2, 2, 2, 1, 0]

    for each in (*plans, *told, failed, repaired, shop.run("show")):
        assert [line for line in (each.out + each.err).splitlines() if "hunter2" in line] == []
        assert "PRIVATE KEY" not in each.out + each.err
    for each in plans:
        assert [place for place in PLACES if place not in each.out] == []
    for each in (*plans, *told):  # that they differ is no secret
        assert "‹hidden " in each.out
    assert "cannot go from ‹hidden " in failed.out


KEPT = """
s3.bucket: {muvi-lab-state: {}}
sns.topic: {news: {}}
"""
TELLING = """
state: {bucket: muvi-lab-state}
heal: {all: apply}
notify: {sns: '${sns.topic/news.TopicArn}'}
"""


def everything_kept(lab, home):
    """All that runs have left behind, in the account and on this machine."""
    s3 = lab.client("s3", REGION)
    for each in s3.list_objects_v2(Bucket="muvi-lab-state")["Contents"]:
        body = s3.get_object(Bucket="muvi-lab-state", Key=each["Key"])["Body"]
        yield each["Key"], body.read().decode()
    (topic,) = sns_backends[ACCOUNT][REGION].topics.values()
    yield from ((f"message {each[2]}", each[1]) for each in topic.sent_notifications)
    yield from ((str(file), file.read_text()) for file in home.rglob("*") if file.is_file())


def test_no_secret_is_kept_or_told_by_what_works_unattended(shop, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    shop.declare(ENVIRONMENT + INPUTS + TELLING, it=SHOP, kept=KEPT)
    (shop.folder / "test" / "code").mkdir(exist_ok=True)
    assert shop.run("--only", "s3.bucket", "--only", "sns.topic").code == 0
    plan, first = tmp_path / "home/plan.json", tmp_path / "home/first.json"
    head = shop.json("--dry-run", "--save", str(plan))
    first.write_text(head.out)
    runs = [head, shop.run("--scheduled"), shop.run("--scheduled", fault=quoting)]
    for output in ("markdown", "github"):
        arguments = ("compare-plans", str(first), str(first), "--output", output)
        runs.append(command(*arguments))
    with patch("reconciler.healing.heal.LATE", timedelta()):
        runs.append(shop.run("--scheduled", "--verbose", fault=quoting))
        runs.append(shop.run("--scheduled", "--verbose"))
    runs += [shop.run("history"), shop.run("history", "--csv"), shop.run("hold")]

    kept = dict(everything_kept(shop, tmp_path / "home"))
    assert {"drifts/test.json", "lease/test.json", str(plan)} <= kept.keys()
    assert len([name for name in kept if name.startswith("runs/test/")]) > 3
    assert len([name for name in kept if name.startswith("message ")]) > 1
    texts = [*kept.values(), *(each.out + each.err for each in runs)]
    assert [text for text in texts if "hunter2" in text or "PRIVATE KEY" in text] == []
    assert any("cannot go from ‹hidden " in text for text in texts)


WRITTEN = {
    "a secret": "secretsmanager.secret: {one: {SecretString: %s}}",
    "a binary secret": "secretsmanager.secret: {one: {SecretBinary: %s}}",
    "a secret for its creation": "secretsmanager.secret: {one: {$initial: {SecretString: %s}}}",
    "a secret like a reference": "secretsmanager.secret: {one: {SecretString: 'a${%s}b'}}",
    "a structured secret": "secretsmanager.secret: {one: {SecretString: {password: %s}}}",
    "a secure string": "ssm.parameter: {/one: {Type: SecureString, Value: %s}}",
    "one for its creation": "ssm.parameter: {/one: {Type: SecureString, $initial: {Value: %s}}}",
    "the password of a cache": "elasticache.replication_group: {one: {AuthToken: %s}}",
    "the key of a certificate": "acm.certificate: {one: {PrivateKey: %s}}",
    "a long one": "ssm.parameter: {/one: {Type: SecureString, Value: %s}}",
}


@pytest.mark.parametrize("output", ["validate", "--dry-run", "converge"])
@pytest.mark.parametrize("case", WRITTEN)
def test_a_secret_in_the_yaml_is_refused_and_not_repeated(lab, case, output):
    secret = "hunter2" * (2000 if case == "a long one" else 1)
    lab.declare(it=WRITTEN[case] % secret)
    told = lab.run(*([] if output == "converge" else [output]))
    assert (told.code, told.calls) == (1, [])
    assert "secret" in told.err
    assert "the file's history keeps it" in told.err
    assert "hunter2" not in told.out + told.err


def test_a_secure_string_is_made_from_an_input_and_then_nobodys_business(lab, monkeypatch):
    monkeypatch.setenv("MUVI_TEST_TOKEN", "hunter2")
    lab.declare(
        ENVIRONMENT + "inputs: {token: {env: MUVI_TEST_TOKEN}}\n",
        it="ssm.parameter: {/one/TOKEN: {Type: SecureString, Value: 'key ${input.token}'}}",
    )
    built = lab.run("--verbose")
    assert built.code == 0, built.err
    ssm = lab.client("ssm", REGION)
    made = ssm.get_parameter(Name="/one/TOKEN", WithDecryption=True)["Parameter"]
    assert made["Value"] == "key hunter2"
    ssm.put_parameter(Name="/one/TOKEN", Value="hunter3", Overwrite=True)
    monkeypatch.delenv("MUVI_TEST_TOKEN")
    again = lab.run("--verbose")
    assert (again.code, [call for call in again.calls if not call.reads]) == (0, [])
    told = "".join(each.out + each.err for each in (built, again))
    assert "hunter" not in told


FUNCTION = (
    RUNS
    + """lambda.function:
  it:
    Runtime: nodejs22.x
    Handler: index.handler
    Role: ${iam.role/runs.Arn}
    Timeout: %s
    $initial: {Code: {ZipFile: 'exports.handler = async () => {}'}}
"""
)


def test_the_name_of_the_environment_is_no_secret_though_a_function_is_told_it(lab):
    lab.declare(it=FUNCTION % 3)
    assert lab.run().code == 0
    told = {"Variables": {"ENV": "test", "TOKEN": "hunter2"}}
    client = lab.client("lambda", REGION)
    client.update_function_configuration(FunctionName="it", Environment=told)
    lab.declare(ENVIRONMENT + "policy: {all: refuse}\n", it=FUNCTION % 9)
    ran = lab.json("--policy")
    assert (ran.code, ran.writes) == (2, [])
    assert "/test/environment.yaml refuses it" in ran.resources["lambda.function/it"]["error"]
    assert "hunter2" not in ran.out + ran.err
