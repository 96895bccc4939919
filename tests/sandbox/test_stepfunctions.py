"""Step Functions as its API reference describes it.

https://docs.aws.amazon.com/step-functions/latest/apireference/"""

import json

import pytest

ROLE = "arn:aws:iam::123456789012:role/states"
DONE = {"Done": {"Type": "Succeed"}}
GOOD = {"StartAt": "Done", "States": DONE}
GROUP = "arn:aws:logs:eu-central-1:123456789012:log-group:/states"


@pytest.fixture
def states(moto):
    return moto("stepfunctions")


def create(states, definition=GOOD, **more):
    text = json.dumps(definition)
    made = states.create_state_machine(name="it", definition=text, roleArn=ROLE, **more)
    return made["stateMachineArn"]


def logging(arn):
    group = {"cloudWatchLogsLogGroup": {"logGroupArn": arn}}
    return {"loggingConfiguration": {"level": "ALL", "destinations": [group]}}


WRONG = {
    "it has no States": {"StartAt": "Done"},
    "it has no StartAt": {"States": DONE},
    "StartAt is Begin, and there is no such state": {"StartAt": "Begin", "States": DONE},
    "Next is Gone": {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Gone"}}},
    "AWS wants Next or End": {"StartAt": "A", "States": {"A": {"Type": "Pass"}}},
    "its Type is Walk": {"StartAt": "A", "States": {"A": {"Type": "Walk", "End": True}}},
    "Choices[0]: Next is B": {
        "StartAt": "A",
        "States": {"A": {"Type": "Choice", "Choices": [{"Next": "B"}]}},
    },
    "Branches[0]: StartAt is B": {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Parallel", "End": True, "Branches": [{"StartAt": "B", "States": DONE}]}
        },
    },
    "ItemProcessor: it has no States": {
        "StartAt": "A",
        "States": {"A": {"Type": "Map", "End": True, "ItemProcessor": {"StartAt": "B"}}},
    },
}


@pytest.mark.parametrize("what", WRONG)
def test_a_definition_leads_somewhere(states, what):
    with pytest.raises(states.exceptions.InvalidDefinition) as refused:
        create(states, WRONG[what])
    assert what in str(refused.value)


def test_a_definition_is_json(states):
    with pytest.raises(states.exceptions.InvalidDefinition):
        states.create_state_machine(name="it", definition="{", roleArn=ROLE)


def test_an_update_leads_somewhere_too(states):
    arn, text = create(states), json.dumps({"StartAt": "A", "States": DONE})
    with pytest.raises(states.exceptions.InvalidDefinition):
        states.update_state_machine(stateMachineArn=arn, definition=text)


def test_what_is_made_otherwise_is_not_handed_over(states):
    create(states)
    with pytest.raises(states.exceptions.StateMachineAlreadyExists):
        create(states, {**GOOD, "Comment": "another"})


def test_logs_go_to_a_group_with_all_its_streams(states):
    with pytest.raises(states.exceptions.InvalidLoggingConfiguration):
        create(states, **logging(GROUP))
    assert create(states, **logging(f"{GROUP}:*"))


def test_logging_says_what_nobody_said(states):
    shown = states.describe_state_machine(stateMachineArn=create(states))
    assert shown["loggingConfiguration"] == {"level": "OFF", "includeExecutionData": False}


def test_a_deleted_machine_is_deleting_and_then_gone(states):
    arn = create(states)
    states.delete_state_machine(stateMachineArn=arn)
    with pytest.raises(states.exceptions.StateMachineDeleting):
        create(states)
    assert states.describe_state_machine(stateMachineArn=arn)["status"] == "DELETING"
    with pytest.raises(states.exceptions.StateMachineDoesNotExist):
        states.describe_state_machine(stateMachineArn=arn)
