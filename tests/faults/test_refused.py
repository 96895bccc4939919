"""AWS throttles, fails or refuses: what can be done is done, and the rest is named."""

import pytest

from reconciler.model import Action
from reconciler.result import Fate
from tests.faults.faults import Afterwards, Refuse, deny, fail, throttle
from tests.faults.wire import Wire
from tests.faults.world import account, census, converge, small
from tests.living import actions, failures

SEVERAL = ("vpc", "subnet", "cluster", "log_group", "role")
CREATES = ["CreateVpc", "CreateSubnet", "CreateCluster", "CreateLogGroup", "CreateRole"]


@pytest.fixture(autouse=True)
def _account():
    with account():
        yield


@pytest.mark.parametrize("operation", [*CREATES, "PutRetentionPolicy"])
@pytest.mark.parametrize("times", [2, 8])  # fewer and more than botocore repeats by itself
def test_a_write_that_is_throttled_only_takes_time(operation, times, tmp_path):
    declared, throttled = small(tmp_path, *SEVERAL), throttle(operation, times)
    assert failures(converge(declared, Wire([throttled]))) == {}
    assert (census(declared).twice(), throttled.refused) == ([], times)


@pytest.mark.parametrize("times", [2, 8])
def test_a_look_that_is_throttled_only_takes_time(times, tmp_path):
    declared, throttled = small(tmp_path, *SEVERAL), throttle("DescribeVpcs", 0)

    def begin():
        throttled.times = times

    wire = Wire([throttled, Afterwards("CreateVpc", begin)])
    assert failures(converge(declared, wire)) == {}
    assert (census(declared).twice(), throttled.refused) == ([], times)


def test_what_could_not_even_be_looked_for_is_named_and_never_created(tmp_path):
    declared = small(tmp_path, *SEVERAL)
    wire = Wire([throttle("DescribeVpcs", float("inf"))])
    result = converge(declared, wire)
    assert {a for a, e in actions(result).items() if e is Action.UNKNOWN} == {
        "ec2.vpc/net",
        "ec2.subnet/a",
    }
    assert not {"ec2:CreateVpc", "ec2:CreateSubnet"} & {*wire.writes}
    assert "ecs:CreateCluster" in wire.writes


@pytest.mark.parametrize("operation", ["DescribeVpcs", "PutRetentionPolicy", "ListClusters"])
def test_a_call_that_can_be_repeated_is_repeated_when_aws_fails(operation, tmp_path):
    wire = Wire([failed := fail(operation, times=2)])
    assert failures(converge(small(tmp_path, *SEVERAL), wire)) == {}
    assert failed.refused == 2


@pytest.mark.parametrize("operation", CREATES)
def test_what_we_may_not_do_is_named_and_the_rest_is_done(operation, tmp_path):
    declared = small(tmp_path, *SEVERAL)
    result = converge(declared, Wire([deny(operation)]))
    (failed,) = [a for a, each in result.outcomes.items() if each.fate is Fate.FAILED]
    assert operation.removeprefix("Create").lower() in failed.replace("_", "")
    assert operation in result.outcomes[failed].error
    assert "not authorized" in result.outcomes[failed].error
    skipped = {a for a, each in result.outcomes.items() if each.fate is Fate.SKIPPED}
    assert skipped == ({"ec2.subnet/a"} if operation == "CreateVpc" else set())
    assert len(census(declared).addresses("test")) == len(declared.resources) - len(
        {failed} | skipped
    )


def test_a_permission_that_we_lack_is_not_waited_for(tmp_path):
    told = "User: arn:aws:sts::123456789012:assumed-role/ci is not authorized to perform: "
    lacking = Refuse("CreateCluster", "AccessDeniedException", f"{told}ecs:CreateCluster")
    result = converge(small(tmp_path, *SEVERAL), Wire([lacking]))
    assert "ecs:CreateCluster" in result.outcomes["ecs.cluster/main"].error
    assert lacking.refused == 1


def test_a_role_that_aws_does_not_know_yet_is_waited_for(tmp_path):
    told = "'arn:aws:iam::123456789012:role/new' is not authorized to create managed-rule"
    fresh = Refuse("CreateCluster", "AccessDeniedException", told, times=3)
    assert failures(converge(small(tmp_path, *SEVERAL), Wire([fresh]))) == {}
    assert fresh.refused == 3


def test_a_role_that_a_service_lacks_is_made_once(tmp_path):
    told = "Unable to assume the service linked role. Please verify that the ECS role exists."
    lacking = Refuse("CreateCluster", "InvalidParameterException", told, times=3)
    wire = Wire([lacking])
    assert failures(converge(small(tmp_path, *SEVERAL), wire)) == {}
    assert lacking.refused == 3
    assert wire.writes.count("iam:CreateServiceLinkedRole") == 1
