"""What ECS is asked, and which of its deployments and revisions count."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from moto.ecs.models import ecs_backends

from reconciler.model import (
    UNKNOWN,
    Asked,
    Change,
    Desired,
    FieldChange,
    Found,
    Observed,
    Status,
    Unknown,
    Within,
)
from reconciler.sandbox.people import people
from resources.ecs import running
from resources.ecs.service import Service
from resources.ecs.task_definition import TaskDefinition, repository
from tests.conftest import ACCOUNT, REGION
from tests.handlers import steps

CLUSTER = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/main"
FAMILY = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/web"
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
WEB = {"family": "web", "containerDefinitions": [{"name": "web", "image": "web:1", "memory": 64}]}


@pytest.fixture
def ecs(aws):
    """ECS with a cluster and one revision of `web`."""
    client = aws.client("ecs", REGION)
    client.create_cluster(clusterName="main")
    client.register_task_definition(**WEB)
    return client


@pytest.fixture
def service(ecs):
    """A service that runs the first revision of `web`, and has reached a steady state."""
    named = {"cluster": "main", "serviceName": "web"}
    ecs.create_service(**named, taskDefinition="web:1", desiredCount=2)
    for _ in range(2):  # our correction finishes a deployment at the second look
        ecs.describe_services(cluster="main", services=["web"])
    return named


@pytest.fixture
def sent(ecs):
    """Every write to ECS from now on, as (operation, parameters)."""
    return steps.sent(ecs)


def deployment(status, revision, state="COMPLETED", **more):
    return {
        "status": status,
        "taskDefinition": f"{FAMILY}:{revision}",
        "rolloutState": state,
        "rolloutStateReason": f"{state} as AWS says.",
        "createdAt": datetime.now(UTC),
        **more,
    }


def described(*deployments, tasks=0, events=(), status="ACTIVE"):
    """A service as AWS describes it, asked to run the revision of its first deployment."""
    return {
        "status": status,
        "runningCount": tasks,
        "taskDefinition": deployments[0]["taskDefinition"],
        "deployments": list(deployments),
        "events": [{"message": each} for each in events],
    }


def status(aws, service):
    found = Found("web", {**service, "taskDefinition": running(service)}, tags={})
    observed = Service(aws, REGION).get(found, set())
    return observed.status, observed.reason


def changed(observed, **wanted):
    fields = tuple(FieldChange(name, None, value) for name, value in wanted.items())
    kept = {name: value for name, value in wanted.items() if value is not None}
    lost = wanted.keys() - kept.keys()
    before = {name: each for name, each in observed.properties.items() if name not in lost}
    return Change(observed, {**before, **kept}, observed.tags, fields)


def seen(handler):
    (found,) = handler.listed()
    observed = handler.get(found, set())
    return Observed(found.id, handler.read(observed.properties), observed.tags, observed.status)


LONG_AGO = datetime.now(UTC) - timedelta(hours=1)
HOPELESS = {"failedTasks": 7, "runningCount": 0, "createdAt": LONG_AGO}


@pytest.mark.parametrize(
    ("deployments", "runs"),
    [
        pytest.param([deployment("PRIMARY", 2)], 2, id="done"),
        pytest.param(
            [deployment("PRIMARY", 2, "IN_PROGRESS"), deployment("ACTIVE", 1)], 2, id="under way"
        ),
        pytest.param(
            [deployment("PRIMARY", 1, "IN_PROGRESS"), deployment("ACTIVE", 2, "FAILED")],
            1,
            id="rolled back",
        ),
        pytest.param(
            [deployment("PRIMARY", 2, "FAILED"), deployment("ACTIVE", 1)], 1, id="not rolled back"
        ),
        pytest.param(
            [deployment("PRIMARY", 2, "IN_PROGRESS", **HOPELESS), deployment("ACTIVE", 1)],
            1,
            id="hopeless, without a circuit breaker",
        ),
        pytest.param(
            [
                deployment("PRIMARY", 2, "IN_PROGRESS", **{**HOPELESS, "runningCount": 1}),
                deployment("ACTIVE", 1),
            ],
            2,
            id="slow, but under way",
        ),
    ],
)
def test_the_newest_deployment_that_has_not_failed_says_what_runs(deployments, runs):
    assert running(described(*deployments)) == f"{FAMILY}:{runs}"


def test_nothing_runs_where_the_only_deployment_failed():
    assert running(described(deployment("PRIMARY", 1, "FAILED"))) is None


def test_what_another_controller_deploys_runs_what_the_service_says():
    assert running({"deployments": [], "taskDefinition": f"{FAMILY}:4"}) == f"{FAMILY}:4"


def test_a_service_is_pending_while_anybody_deploys(aws):
    rolling = described(deployment("PRIMARY", 2, "IN_PROGRESS"), events=["It pulls.", "Older."])
    assert status(aws, rolling) == (Status.PENDING, "IN_PROGRESS as AWS says. It pulls.")


def test_a_failed_deployment_beside_a_good_one_is_no_reason_to_wait(aws):
    failed = described(deployment("PRIMARY", 2, "FAILED"), deployment("ACTIVE", 1), tasks=2)
    assert status(aws, failed) == (Status.READY, "")


def test_a_service_that_never_became_ready_is_broken_in_the_words_of_aws(aws):
    failed = described(deployment("PRIMARY", 1, "FAILED"), events=["no such image"])
    assert status(aws, failed) == (Status.BROKEN, "FAILED as AWS says. no such image")


def test_a_service_that_once_was_ready_is_not_broken_but_differs(aws):
    steady = ["(service web) has reached a steady state."]
    failed = described(deployment("PRIMARY", 1, "FAILED"), events=steady)
    assert status(aws, failed) == (Status.READY, "")
    assert running(failed) is None


@pytest.mark.parametrize(
    ("said", "means"), [("DRAINING", Status.PENDING), ("INACTIVE", Status.GONE)]
)
def test_a_deleted_service_is_pending_until_it_is_gone(aws, said, means):
    assert status(aws, described(deployment("PRIMARY", 1), status=said))[0] is means


def test_a_service_that_drains_is_still_seen_by_who_deleted_it(aws, service):
    handler = Service(aws, REGION)
    handler.delete(seen(handler))
    backend = ecs_backends[ACCOUNT][REGION].services["main:web"]
    backend.status = "DRAINING"  # moto deletes at once
    assert aws.client("ecs", REGION).list_services(cluster="main")["serviceArns"] == []
    aws.listings._shared._calls.clear()
    assert seen(handler).status is Status.PENDING
    backend.status = "INACTIVE"
    aws.listings._shared._calls.clear()
    assert seen(handler).status is Status.GONE


def test_deleting_a_service_twice_is_fine(aws, service):
    handler = Service(aws, REGION)
    observed = seen(handler)
    handler.delete(observed)
    handler.delete(observed)


def test_a_service_is_created_under_one_token_for_one_intent(aws, ecs, sent):
    properties = {"cluster": CLUSTER, "serviceName": "web", "taskDefinition": "web:1"}
    for intent in ("run1 ecs.service/web", "run1 ecs.service/web", "run2 ecs.service/web"):
        Service(aws, REGION).create(Desired(properties, intent=intent))
    first, again, other = [params["clientToken"] for _, params in sent]
    assert first == again != other
    assert len(first) <= 36


def test_an_update_sends_what_differs_whole_and_nothing_else(aws, service, sent):
    handler = Service(aws, REGION)
    network = {"awsvpcConfiguration": {"subnets": ["s"], "assignPublicIp": "ENABLED"}}
    handler.update(changed(seen(handler), networkConfiguration=network, desiredCount=3))
    arn = f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/main/web"
    named = {"cluster": CLUSTER, "service": arn}
    assert sent[-1] == (
        "UpdateService",
        {**named, "desiredCount": 3, "networkConfiguration": network},
    )


def test_load_balancers_are_taken_away_by_an_empty_list(aws, service, sent):
    handler = Service(aws, REGION)
    handler.update(changed(seen(handler), loadBalancers=None))
    assert sent[-1][1]["loadBalancers"] == []


def test_a_revision_that_failed_is_deployed_again_by_force(aws, service, sent):
    handler = Service(aws, REGION)
    backend = ecs_backends[ACCOUNT][REGION].services["main:web"]
    backend.deployments[0]["rolloutState"] = "FAILED"
    observed = seen(handler)
    assert observed["taskDefinition"] is None
    handler.update(changed(observed, taskDefinition=f"{FAMILY}:1"))
    assert sent[-1][1]["forceNewDeployment"] is True


def test_another_revision_needs_no_force(aws, ecs, service, sent):
    ecs.register_task_definition(**WEB)
    handler = Service(aws, REGION)
    handler.update(changed(seen(handler), taskDefinition=f"{FAMILY}:2"))
    assert "forceNewDeployment" not in sent[-1][1]


def bounds(aws, *targets, cluster=CLUSTER):
    desired = Desired({"cluster": cluster, "serviceName": "web", "desiredCount": 2})
    scaled = {"application_autoscaling.scalable_target": targets}
    return Service(aws, REGION).within(desired, lambda kind: scaled.get(kind, ()))


def target(low, high, resource="service/main/web"):
    return {"ResourceId": resource, "MinCapacity": low, "MaxCapacity": high}


def test_a_count_belongs_to_autoscaling_inside_its_bounds(aws):
    assert bounds(aws, target(2, 10)) == {"desiredCount": Within("autoscaling", 2, 10)}


def test_a_count_may_be_inside_the_declared_bounds_or_those_in_the_account(aws):
    either = bounds(aws, target(4, 8), target(2, 6))
    assert either == {"desiredCount": Within("autoscaling", 2, 8)}


def test_a_count_is_ours_where_only_others_are_scaled(aws):
    assert bounds(aws, target(2, 10, "service/main/api"), target(2, 10, UNKNOWN)) == {}


def test_bounds_that_nobody_knows_yet_are_none(aws):
    assert bounds(aws, target(UNKNOWN, UNKNOWN)) == {}
    assert bounds(aws, target(UNKNOWN, 8), target(2, 6)) == {
        "desiredCount": Within("autoscaling", 2, 8)
    }


def test_a_count_is_ours_as_long_as_the_cluster_is_to_be_made(aws):
    assert bounds(aws, target(2, 10), cluster=UNKNOWN) == {}


def born(aws, image, revision=f"{FAMILY}:1", desired=2, **found):
    """What a service of this image is created with, and what else is there."""
    properties = {"cluster": CLUSTER, "serviceName": "web", "desiredCount": desired}
    task = {
        "$address": "ecs.task_definition/web",
        "family": "web",
        "containerDefinitions": [{"name": "web", "image": image}],
    }
    known = {"ecs.task_definition": [task], **found}
    wanted = Desired({**properties, "taskDefinition": revision})
    return Service(aws, REGION).within(wanted, lambda kind: known.get(kind, ()))


@pytest.fixture
def pushed(aws, monkeypatch):
    """A repository into which somebody pushed `web:1`."""
    monkeypatch.setattr(people, "absent", True)
    ecr = aws.client("ecr", REGION)
    ecr.create_repository(repositoryName="web")
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"}
    ecr.put_image(repositoryName="web", imageManifest=json.dumps(manifest), imageTag="1")


def test_a_service_rests_at_no_tasks_until_its_image_is_pushed(aws, pushed):
    rest = born(aws, f"{REGISTRY}/web:2")["desiredCount"]
    assert (rest.value, rest.settle(None, 2), rest.settle(3, 2)) == (0, 0, 3)
    assert rest.wait.who == "the pipeline of web"
    assert f"push {REGISTRY}/web:2" in rest.wait.what


@pytest.mark.parametrize(
    "image",
    [
        f"{REGISTRY}/web:1",
        "public.ecr.aws/nginx/nginx:1",
        "nginx",
        f"999999999999.dkr.ecr.{REGION}.amazonaws.com/web:2",
        f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/web:2",
        Asked("image_tag"),
    ],
)
def test_a_service_does_not_rest_where_its_image_is_there_or_is_no_affair_of_ours(
    aws, pushed, image
):
    assert born(aws, image) == {}


def test_an_image_of_a_repository_that_is_to_be_made_is_not_there(aws):
    unknown = Unknown("ecs.task_definition/web")
    assert born(aws, UNKNOWN, unknown)["desiredCount"].value == 0
    assert born(aws, f"{REGISTRY}/none:1")["desiredCount"].value == 0


def test_what_is_registered_counts_not_what_it_was_declared_with(aws, pushed):
    deployed = {
        "family": "web",
        "taskDefinitionArn": f"{FAMILY}:7",
        "containerDefinitions": [{"name": "web", "image": f"{REGISTRY}/web:1"}],
    }
    first = {**deployed, "containerDefinitions": [{"name": "web", "image": f"{REGISTRY}/web:0"}]}
    declared = {**first, "$address": "ecs.task_definition/web"}
    known = {"ecs.task_definition": [declared, deployed]}
    assert born(aws, "", Unknown("ecs.task_definition/web"), **known) == {}
    assert born(aws, "", f"{FAMILY}:7", **known) == {}


def test_a_service_that_runs_is_not_put_to_rest_and_nobody_asks_for_its_image(aws, pushed):
    calls = steps.sent(aws.client("ecr", REGION), "DescribeImages")
    live = {"serviceArn": "arn", "serviceName": "web", "cluster": CLUSTER, "desiredCount": 1}
    assert born(aws, f"{REGISTRY}/web:2", **{"ecs.service": [live]}) == {}
    assert calls == []
    assert born(aws, f"{REGISTRY}/web:2", **{"ecs.service": [{**live, "desiredCount": 0}]}) != {}


def test_a_service_that_is_declared_without_tasks_waits_for_nobody(aws, pushed):
    assert born(aws, f"{REGISTRY}/web:2", desired=0) == {}


def test_the_revision_that_runs_counts_and_newer_ones_are_found_by_id_alone(aws, ecs, service):
    for _ in range(2):
        ecs.register_task_definition(**WEB)
    found = {each.id: each.properties for each in TaskDefinition(aws, REGION).listed()}
    assert found == {f"{FAMILY}:1": {"family": "web"}, f"{FAMILY}:2": {}, f"{FAMILY}:3": {}}


def test_without_a_service_the_newest_revision_counts(aws, ecs):
    ecs.register_task_definition(**WEB)
    (found,) = TaskDefinition(aws, REGION).listed()
    assert (found.id, found.arn) == (f"{FAMILY}:2", f"{FAMILY}:2")


def test_a_deregistered_revision_counts_as_long_as_it_runs(aws, ecs, service):
    ecs.deregister_task_definition(taskDefinition="web:1")
    (found,) = TaskDefinition(aws, REGION).listed()
    assert found.properties == {"family": "web"}
    assert TaskDefinition(aws, REGION).get(found, set())["revision"] == 1


def test_a_revision_is_registered_from_what_runs(aws, ecs, service, sent):
    sidecar = {"name": "datadog", "image": "datadog:7", "memory": 32}
    both = {**WEB, "containerDefinitions": [*WEB["containerDefinitions"], sidecar]}
    ecs.register_task_definition(
        **both, tags=[{"key": "aws:cloudformation:stack-id", "value": "s"}]
    )
    ecs.update_service(cluster="main", service="web", taskDefinition="web:2")
    handler = TaskDefinition(aws, REGION)
    made = handler.update(changed(seen(handler), taskRoleArn="arn:aws:iam::1:role/web"))
    assert made == f"{FAMILY}:3"
    name, registered = sent[-1]
    assert name == "RegisterTaskDefinition"
    assert [each["name"] for each in registered["containerDefinitions"]] == ["web", "datadog"]
    assert registered["tags"] == []  # AWS's own are not ours to write


def test_a_revision_that_a_killed_run_registered_is_used_not_registered_again(aws, ecs, service):
    handler = TaskDefinition(aws, REGION)
    change = changed(seen(handler), taskRoleArn="arn:aws:iam::1:role/web")
    assert handler.update(change) == handler.update(change) == f"{FAMILY}:2"


def test_a_newer_revision_that_says_something_else_is_not_used(aws, ecs, service):
    handler = TaskDefinition(aws, REGION)
    change = changed(seen(handler), taskRoleArn="arn:aws:iam::1:role/web")
    ecs.register_task_definition(**WEB, taskRoleArn="arn:aws:iam::1:role/other")
    assert handler.update(change) == f"{FAMILY}:3"


def test_a_newer_revision_of_somebody_else_is_not_used(aws, ecs, service):
    handler = TaskDefinition(aws, REGION)
    change = changed(seen(handler), taskRoleArn="arn:aws:iam::1:role/web")
    theirs = [{"key": "owner", "value": "them"}]
    ecs.register_task_definition(**WEB, taskRoleArn="arn:aws:iam::1:role/web", tags=theirs)
    assert handler.update(change) == f"{FAMILY}:3"


def test_all_revisions_of_a_family_go_the_newest_last(aws, ecs, sent):
    ecs.register_task_definition(**WEB)
    ecs.register_task_definition(**{**WEB, "family": "website"})
    observed = Observed(f"{FAMILY}:2", {"family": "web"})
    TaskDefinition(aws, REGION).delete(observed)
    gone = [params["taskDefinition"] for name, params in sent if name.startswith("Deregister")]
    assert gone == [f"{FAMILY}:1", f"{FAMILY}:2"]
    assert len(ecs.list_task_definitions()["taskDefinitionArns"]) == 1


def images(aws, image, *repositories):
    containers = [{"name": "web", "image": image}, {"name": "other"}]
    desired = Desired({"family": "web", "containerDefinitions": containers})
    return TaskDefinition(aws, REGION).within(desired, lambda kind: repositories)


MADE = {"repositoryName": "web", "repositoryUri": f"{REGISTRY}/web"}


@pytest.mark.parametrize("suffix", [":1", "", "@sha256:4f2a", ":1@sha256:4f2a"])
def test_the_image_of_a_repository_of_ours_is_the_pipelines(aws, suffix):
    pipelines = Within("the pipeline", like=f"{REGISTRY}/web[:@]*")
    found = images(aws, f"{REGISTRY}/web{suffix}", MADE)
    assert found == {"containerDefinitions[web].image": pipelines}


def test_a_repository_is_known_by_its_name_before_aws_has_made_it(aws):
    assert images(aws, f"{REGISTRY}/web:1", {"repositoryName": "web"})
    assert images(aws, f"{REGISTRY}/web:1", {"repositoryName": "web", "repositoryUri": UNKNOWN})


@pytest.mark.parametrize(
    "image", ["nginx:1", f"{REGISTRY}/website:1", f"{REGISTRY}/a/web:1", UNKNOWN]
)
def test_every_other_image_is_the_yamls(aws, image):
    assert images(aws, image, MADE, {"repositoryName": "web"}) == {}


def test_the_pipelines_image_lives_on_only_in_its_repository(aws):
    within = images(aws, f"{REGISTRY}/web:1", MADE)["containerDefinitions[web].image"]
    declared = f"{REGISTRY}/web:1"
    assert within.settle(f"{REGISTRY}/web:57", declared) == f"{REGISTRY}/web:57"
    assert within.settle(f"{REGISTRY}/web@sha256:4f", declared) == f"{REGISTRY}/web@sha256:4f"
    assert within.settle(f"{REGISTRY}/website:57", declared) == declared
    assert within.settle("evil.example/web:57", declared) == declared


def test_the_colon_of_a_registrys_port_is_no_tag():
    assert repository("registry.example:5000/web") == "registry.example:5000/web"
    assert repository("registry.example:5000/web:1") == "registry.example:5000/web"
