"""DevOps Guru and CodeGuru Profiler as their API references describe them.

https://docs.aws.amazon.com/devops-guru/latest/APIReference/
https://docs.aws.amazon.com/codeguru/latest/profiler-api/"""

import pytest


@pytest.fixture
def guru(moto):
    return moto("devops-guru")


@pytest.fixture
def profiler(moto):
    return moto("codeguruprofiler")


def tell(guru, action, *stacks):
    watched = {"CloudFormation": {"StackNames": [*stacks]}}
    guru.update_resource_collection(Action=action, ResourceCollection=watched)


def watched(guru):
    kind = "AWS_CLOUD_FORMATION"
    answer = guru.get_resource_collection(ResourceCollectionType=kind)["ResourceCollection"]
    return answer["CloudFormation"]["StackNames"]


def test_what_is_added_comes_to_what_is_watched(guru):
    tell(guru, "ADD", "front")
    tell(guru, "ADD", "back", "front")
    assert watched(guru) == ["front", "back"]


def test_what_watches_nothing_has_no_collection(guru):
    tell(guru, "ADD", "front")
    tell(guru, "REMOVE", "front")
    with pytest.raises(guru.exceptions.ResourceNotFoundException):
        watched(guru)


def test_a_part_of_what_is_watched_is_not_removed(guru):
    tell(guru, "ADD", "front", "back")
    with pytest.raises(guru.exceptions.ValidationException):
        tell(guru, "REMOVE", "front")


def group(profiler, name="web", token="1", **more):
    return profiler.create_profiling_group(profilingGroupName=name, clientToken=token, **more)


def test_a_group_is_shown_with_what_nobody_said(profiler):
    group(profiler, tags={"owner": "muvi"})
    (shown,) = profiler.list_profiling_groups(includeDescription=True)["profilingGroups"]
    assert (shown["name"], shown["computePlatform"]) == ("web", "Default")
    assert shown["agentOrchestrationConfig"] == {"profilingEnabled": True}
    assert shown["tags"] == {"owner": "muvi"}


def test_a_name_is_taken_once_but_by_the_same_wish(profiler):
    assert group(profiler)["profilingGroup"] == group(profiler)["profilingGroup"]
    with pytest.raises(profiler.exceptions.ConflictException):
        group(profiler, token="2")


def test_groups_come_a_page_at_a_time(profiler):
    for name in ("a", "b", "c"):
        group(profiler, name)
    first = profiler.list_profiling_groups(maxResults=2)
    rest = profiler.list_profiling_groups(nextToken=first["nextToken"])
    assert first["profilingGroupNames"] + rest["profilingGroupNames"] == ["a", "b", "c"]
    assert "nextToken" not in rest
