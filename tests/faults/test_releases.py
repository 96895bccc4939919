"""The pipeline releases while we work: its image lives on, and so does our change."""

import pytest

from reconciler.apply.walk import final_look
from reconciler.model import Action
from tests.faults.faults import Afterwards, Meanwhile
from tests.faults.wire import Wire
from tests.faults.world import account, client, converge, small
from tests.living import actions, failures


@pytest.fixture
def declared(tmp_path):
    """Our service as it is, and later as it shall be."""

    def declare(definition=None, service=None):
        more = {
            "ecs__task_definition": {"web": definition or {}},
            "ecs__service": {"web": service or {}},
        }
        return small(tmp_path, "vpc", "subnet", "cluster", "revision", "service", **more)

    with account():
        assert failures(converge(declare())) == {}
        yield declare


def running():
    """What the service runs by now."""
    (service,) = client("ecs").describe_services(cluster="main", services=["web"])["services"]
    return revision(service["taskDefinition"])


def revision(arn):
    answer = client("ecs").describe_task_definition(taskDefinition=arn, include=["TAGS"])
    return {**answer["taskDefinition"], "tags": answer["tags"]}


def image():
    return running()["containerDefinitions"][0]["image"].rpartition(":")[2]


def register(tag):
    """The pipeline: what runs, with another image."""
    known = ("family", "networkMode", "requiresCompatibilities", "cpu", "memory")
    was = running()
    (container,) = was["containerDefinitions"]
    named = {**container, "image": f"{container['image'].rpartition(':')[0]}:{tag}"}
    whole = {name: was[name] for name in known}
    answer = client("ecs").register_task_definition(
        **whole, containerDefinitions=[named], tags=was["tags"]
    )
    return answer["taskDefinition"]["taskDefinitionArn"]


def release(tag="2"):
    deploy(register(tag))


def deploy(arn):
    client("ecs").update_service(cluster="main", service="web", taskDefinition=arn)


def changes(result):
    """What a run would change: to wait for their deployment is no change."""
    return {name for name, action in actions(result).items() if action is not Action.WAIT}


LARGER = {"memory": "1024"}
PATIENT = {"healthCheckGracePeriodSeconds": "90"}
WRITES = ("RegisterTaskDefinition", "UpdateService")


def test_a_release_before_a_run_is_no_difference(declared):
    release()
    assert changes(converge(declared())) == set()
    assert image() == "2"


@pytest.mark.parametrize("change", [{"definition": LARGER}, {"service": PATIENT}], ids=str)
def test_a_release_between_plan_and_apply_lives_on(declared, change):
    result = converge(declared(**change), confirm=lambda _: release() or True)
    assert failures(result) == {}
    assert image() == "2"
    assert changes(converge(declared(**change))) == set()


@pytest.mark.parametrize("write", WRITES)
def test_a_release_just_before_a_write_lives_on_and_our_change_as_well(declared, write):
    result = converge(declared(definition=LARGER), Wire([Meanwhile(write, release)]))
    assert failures(result) == {}
    assert (image(), running()["memory"]) == ("2", "1024")
    assert changes(converge(declared(definition=LARGER))) == set()


def test_a_release_right_after_we_registered_lives_on_and_our_change_as_well(declared):
    wire = Wire([Afterwards("RegisterTaskDefinition", release)])
    assert failures(converge(declared(definition=LARGER), wire)) == {}
    assert (image(), running()["memory"]) == ("2", "1024")
    assert changes(converge(declared(definition=LARGER))) == set()


def test_a_release_just_before_another_setting_is_written_lives_on(declared):
    result = converge(declared(service=PATIENT), Wire([Meanwhile("UpdateService", release)]))
    assert failures(result) == {}
    assert image() == "2"


def test_a_release_after_our_last_write_is_no_failure(declared, monkeypatch):
    def last(*arguments):
        release()
        return final_look(*arguments)

    monkeypatch.setattr("reconciler.run.final_look", last)
    result = converge(declared(definition=LARGER))
    assert failures(result) == {}
    assert (image(), running()["memory"]) == ("2", "1024")


def test_a_release_that_was_rolled_back_is_not_deployed_again(declared):
    before = running()["taskDefinitionArn"]
    release()
    deploy(before)  # as the circuit breaker does: the newest revision is not what runs
    wire = Wire()
    assert changes(converge(declared(), wire)) == set()
    assert wire.writes == []
    assert running()["taskDefinitionArn"] == before


def test_our_change_of_a_service_that_was_rolled_back_keeps_the_old_image(declared):
    before = running()["taskDefinitionArn"]
    release()
    deploy(before)
    assert failures(converge(declared(definition=LARGER))) == {}
    assert (image(), running()["memory"]) == ("1", "1024")


def test_a_revision_that_is_registered_but_not_deployed_is_not_ours_to_deploy(declared):
    register("3")
    wire = Wire()
    assert changes(converge(declared(), wire)) == set()
    assert (image(), wire.writes) == ("1", [])
