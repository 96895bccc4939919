"""What reaches Amazon Inspector. Correction of moto: inspector2.py."""

import pytest
from botocore.exceptions import ClientError

from reconciler.aws.passing import passes
from reconciler.model import Desired, Found, Status
from resources.inspector2.enabler import TYPES, Enabler
from tests.conftest import ACCOUNT, REGION
from tests.handlers.steps import create, look, sent, update
from tests.living import actions, failures, loaded, run, written

DECLARED = {"accountId": ACCOUNT, TYPES: ["EC2", "ECR"]}


@pytest.fixture
def inspector(aws):
    return Enabler(aws, REGION)


@pytest.fixture
def enabled(inspector):
    create(inspector, Desired(DECLARED))
    look(inspector, ACCOUNT)  # AWS is done at the second look
    return inspector


def failed(code):
    account = {"accountId": ACCOUNT, "errorCode": code, "errorMessage": "not now"}
    metadata = {"HTTPStatusCode": 200}
    return {"accounts": [], "failedAccounts": [account], "ResponseMetadata": metadata}


def test_where_all_is_off_there_is_none(inspector):
    assert list(inspector.listed()) == []


def test_what_is_wanted_is_switched_on_and_settles(inspector):
    calls = sent(inspector.client)
    assert create(inspector, Desired(DECLARED)) == ACCOUNT
    ((operation, parameters),) = calls
    assert operation == "Enable"
    assert (parameters["accountIds"], parameters[TYPES]) == ([ACCOUNT], ["EC2", "ECR"])
    busy = look(inspector, ACCOUNT)
    assert (busy.status, busy.reason) == (
        Status.PENDING,
        "AWS is switching ec2, ecr on or off",
    )
    assert look(inspector, ACCOUNT).status is Status.READY


def test_scans_are_given_before_others_are_taken(enabled):
    calls = sent(enabled.client)
    assert update(enabled, ACCOUNT, {TYPES: ["ECR", "LAMBDA"]}) == ()
    told = [(operation, parameters[TYPES]) for operation, parameters in calls]
    assert told == [("Enable", ["LAMBDA"]), ("Disable", ["EC2"])]


def test_what_aws_switched_on_besides_is_switched_off_again(enabled):
    enabled.client.enable(accountIds=[ACCOUNT], resourceTypes=["LAMBDA"])
    look(enabled, ACCOUNT)
    calls = sent(enabled.client)
    assert update(enabled, ACCOUNT, {TYPES: ["EC2", "ECR"]}) == ()
    assert [operation for operation, _ in calls] == ["Disable"]


def test_all_of_it_is_switched_off_once(enabled):
    observed = look(enabled, ACCOUNT)
    calls = sent(enabled.client)
    enabled.delete(observed)
    busy = look(enabled, ACCOUNT)
    assert busy.status is Status.PENDING
    enabled.delete(busy)
    assert [operation for operation, _ in calls] == ["Disable"]
    assert look(enabled, ACCOUNT) is None


@pytest.mark.parametrize(
    "code", ["ENABLE_IN_PROGRESS", "SSM_THROTTLED", "EVENTBRIDGE_UNAVAILABLE", "ACCESS_DENIED"]
)
def test_what_failed_within_an_answer_is_an_error_that_may_pass(inspector, monkeypatch, code):
    monkeypatch.setattr(inspector.client, "enable", lambda **_: failed(code))
    with pytest.raises(ClientError, match="Enable operation: not now") as raised:
        create(inspector, Desired(DECLARED))
    assert passes(raised.value)


def test_what_stays_refused_is_told(enabled, monkeypatch):
    answer = failed("BLOCKED_BY_ORGANIZATION_POLICY")
    monkeypatch.setattr(enabled.client, "disable", lambda **_: answer)
    with pytest.raises(ClientError) as raised:
        update(enabled, ACCOUNT, {TYPES: ["ECR"]})
    assert not passes(raised.value)


def test_what_is_on_already_is_no_failure(inspector, monkeypatch):
    monkeypatch.setattr(inspector.client, "enable", lambda **_: failed("ALREADY_ENABLED"))
    assert create(inspector, Desired(DECLARED)) == ACCOUNT


def test_an_account_that_cannot_be_read_is_not_taken_for_one_without(inspector, monkeypatch):
    monkeypatch.setattr(
        inspector.client, "batch_get_account_status", lambda: failed("INTERNAL_ERROR")
    )
    with pytest.raises(ClientError, match="BatchGetAccountStatus operation"):
        list(inspector.listed())


def test_nothing_prunes_it_and_absent_switches_it_off(aws, tmp_path):
    """AWS has no tags for it: what nobody declares any more stays, until somebody says so."""
    environment = {"account": ACCOUNT, "region": REGION, "lists": "exact"}
    rule = {"events.rule": {"night": {"ScheduleExpression": "rate(1 day)"}}}

    def declare(name, **entry):
        told = {"inspector2.enabler": {ACCOUNT: entry}} if entry else {}
        return loaded(written(tmp_path / name, environment, all={**rule, **told}))

    for declared in (declare("on", resourceTypes=["EC2"]), declare("silent")):
        assert failures(run(declared, aws)[1]) == {}
        assert look(Enabler(aws, REGION), ACCOUNT)[TYPES] == ["EC2"]
    gone = declare("absent", **{"$absent": "true"})
    assert failures(run(gone, aws)[1]) == {}
    assert look(Enabler(aws, REGION), ACCOUNT) is None
    assert actions(run(gone, aws, dry=True)[1]) == {}


def test_types_that_requests_do_not_know_are_left_alone(inspector):
    state = {"ami": "ENABLED", "ec2": "ENABLED"}
    found = Found(ACCOUNT, {"accountId": ACCOUNT, TYPES: ["EC2"], "state": state}, {})
    assert inspector.get(found, set()).status is Status.READY
