"""AWS throttles, fails or refuses: what can be done is done, and the rest is named."""

import pytest

from reconciler.model import Fate
from tests.faults.faults import Refuse, deny, fail, throttle
from tests.faults.wire import Wire
from tests.faults.world import account, census, converge, small
from tests.living import failures

SEVERAL = ("vpc", "subnet", "cluster", "log_group", "role")
CREATES = ["CreateVpc", "CreateSubnet", "CreateCluster", "CreateLogGroup", "CreateRole"]


@pytest.fixture(autouse=True)
def _account():
    with account():
        yield


@pytest.mark.parametrize("operation", [*CREATES, "DescribeVpcs", "PutRetentionPolicy"])
@pytest.mark.parametrize("times", [2, 8])
def test_being_asked_too_often_only_takes_time(operation, times, tmp_path):
    throttled = throttle(operation, times)
    declared = small(tmp_path, *SEVERAL)
    wire = Wire([throttled])
    if operation == "DescribeVpcs" and times > 4:  # AWS does not even let us look
        assert "ec2.vpc/net" in failures(converge(declared, wire))
    assert failures(converge(declared, wire)) == {}
    assert (census(declared).twice(), throttled.refused) == ([], times)


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
