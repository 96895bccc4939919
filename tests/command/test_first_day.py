"""UAT's first Monday: nobody has done anything yet, and then people do their part, one by one."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from reconciler.sandbox.server import serve
from tests.command.drift import REGION
from tests.command.lab import Lab
from tests.faults.census import take

ACCOUNT = "739991759290"
DESIRED = Path(__file__).parents[2] / "desired"
SERVICES = {
    "gateway": "gateway",
    "website": "website",
    "main-grpc": "main",
    "payment-grpc": "payment",
    "fb-muvi": "fb",
    "identity-grpc": "identity",
    "offer-muvi": "offer",
    "notification-grpc": "notification",
}
EDGE = {
    "cloudfront.distribution/api.uat.muvicinemas.com",
    "cloudfront.distribution/media.uat.muvicinemas.com",
    "cloudfront.distribution/web.uat.muvicinemas.com",
    "route53.record_sets/public",
    "s3.bucket/muvi-media-uat",
}


def delegate(lab):
    """Whoever runs muvicinemas.com delegates the zone."""
    dns = lab.client("route53", "us-east-1")
    zones = {each["Name"]: each["Id"] for each in dns.list_hosted_zones()["HostedZones"]}
    ours = dns.get_hosted_zone(Id=zones["uat.muvicinemas.com."])["DelegationSet"]["NameServers"]
    parent = dns.create_hosted_zone(Name="muvicinemas.com", CallerReference="theirs")
    record = {
        "Name": "uat.muvicinemas.com",
        "Type": "NS",
        "TTL": 300,
        "ResourceRecords": [{"Value": each} for each in ours],
    }
    dns.change_resource_record_sets(
        HostedZoneId=parent["HostedZone"]["Id"],
        ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]},
    )


def push(lab, *images):
    """The pipeline pushes the first image of these repositories."""
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"}
    for image in images:
        lab.client("ecr", REGION).put_image(
            repositoryName=f"muvi-{image}",
            imageTag="uat",
            imageManifest=json.dumps({**manifest, "name": image}),
        )


def deploy(lab):
    """The pipeline brings every function its code."""
    functions = lab.client("lambda", REGION)
    for each in functions.list_functions()["Functions"]:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("index.js", f"// {each['FunctionName']}")
        functions.get_function(FunctionName=each["FunctionName"])  # AWS has finished with it
        functions.update_function_code(FunctionName=each["FunctionName"], ZipFile=buffer.getvalue())


def confirm(lab):
    """Somebody follows the link in the mail."""
    topics = lab.client("sns", REGION)
    (one,) = topics.list_subscriptions()["Subscriptions"]
    topics.confirm_subscription(TopicArn=one["TopicArn"], Token=one["Endpoint"])


def put_in(lab):
    """Whoever has the secrets puts them in."""
    secrets = lab.client("secretsmanager", REGION)
    for each in secrets.list_secrets()["SecretList"]:
        if each["Name"].startswith("uat/"):
            secrets.put_secret_value(SecretId=each["Name"], SecretString="theirs")


@pytest.fixture(scope="module")
def monday(tmp_path_factory):
    """Every run of the day, in its order."""
    folder = tmp_path_factory.mktemp("desired")
    shutil.copytree(DESIRED / "uat", folder / "uat")
    with serve(ACCOUNT, first_day=True) as endpoint:
        lab = Lab(folder, endpoint, "uat", whole=True)
        day = SimpleNamespace(built=lab.json(), again=lab.json(), seen=lab.plan())
        delegate(lab)
        day.delegated = lab.json()
        push(lab, "gateway", "main")
        day.pushed = lab.json()
        push(lab, *({*SERVICES.values()} - {"gateway", "main"}))
        deploy(lab)
        confirm(lab)
        put_in(lab)
        day.ready, day.last = lab.json(), lab.json()
        day.census = take(lab.client, REGION, "us-east-1")
        yield day


def waits(ran):
    return {each["who"]: each for each in ran.document["waiting"]}


def waiting(ran):
    return {a for a, each in ran.resources.items() if each["status"] == "waiting"}


def test_all_that_needs_nobody_is_built_on_the_first_run(monday):
    assert monday.built.code == 4, monday.built.err
    assert {*monday.built.actions.values()} == {"create"}
    rest = {f"ecs.service/{name}" for name in SERVICES}
    rest |= {a for a in monday.built.resources if a.startswith(("events.rule/", "secretsmanager."))}
    own = {"acm.certificate/*.uat.muvicinemas.com", f"sns.subscription/{'muvi-uat-alarms'}"}
    assert waiting(monday.built) == rest | EDGE | own


def test_whoever_is_waited_for_is_told_exactly_what_to_do(monday):
    asked = waits(monday.built)
    assert len(asked) == 1 + 8 + 11 + 7 + 1
    dns = asked["who runs the DNS of muvicinemas.com"]
    servers = monday.built.document["outputs"]["name_servers"]
    assert all(each in dns["what"] for each in servers)
    assert "cloudfront.distribution/api.uat.muvicinemas.com" in dns["unblocks"]
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/muvi-gateway:uat"
    assert image in asked["the pipeline of gateway"]["what"]
    assert "update-function-code" in asked["the pipeline of sync-films-uat"]["what"]
    assert "put-secret-value" in asked["who keeps the value of uat/payment/nearpay-key"]["what"]
    assert "Confirmation" in asked["the person at uat@muvi.example"]["what"]


def test_nothing_is_done_as_long_as_nobody_does_anything(monday):
    for ran in (monday.again, monday.seen):
        assert (ran.code, ran.writes) == (4, [])
        assert waits(ran).keys() == waits(monday.built).keys()


def test_the_delegation_lets_the_edge_be_built_and_nothing_else(monday):
    assert monday.delegated.code == 4, monday.delegated.err
    done = {a for a, each in monday.delegated.resources.items() if each["status"] == "done"}
    acted = done & {*monday.delegated.actions}
    assert acted == EDGE
    assert "who runs the DNS of muvicinemas.com" not in waits(monday.delegated)


def test_a_service_starts_by_itself_after_its_first_push(monday):
    started = {a for a, action in monday.pushed.actions.items() if action == "update"}
    assert started == {"ecs.service/gateway", "ecs.service/main-grpc"}
    assert "ecs.service/website" in waiting(monday.pushed)


def test_in_the_evening_all_of_it_runs(monday):
    assert monday.ready.code == 0, monday.ready.err
    rules = {a for a in monday.built.resources if a.startswith("events.rule/")}
    left = {f"ecs.service/{name}" for name in SERVICES} - {
        "ecs.service/gateway",
        "ecs.service/main-grpc",
    }
    assert {a for a, action in monday.ready.actions.items() if action == "update"} == rules | left
    assert (monday.last.code, monday.last.actions, monday.last.writes) == (0, {}, [])


def test_nothing_was_made_twice(monday):
    assert monday.census.twice() == []


def test_what_others_need_is_printed(monday):
    outputs = monday.last.document["outputs"]
    assert all(outputs.values())
    assert {"nat_address", "name_servers", "api", "public_balancer", "redis_main"} <= {*outputs}
