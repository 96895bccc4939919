"""What Step Functions is asked."""

import json

import pytest

from reconciler.model import Desired
from reconciler.overlay import plain
from resources.stepfunctions.state_machine import StateMachine
from tests.conftest import REGION
from tests.handlers import steps

ROLE = "arn:aws:iam::123456789012:role/states"
LOOK = {"Type": "Pass", "ResultPath": None, "Next": "Done"}
DEFINITION = {"StartAt": "Look", "States": {"Look": LOOK, "Done": {"Type": "Succeed"}}}


@pytest.fixture
def machines(aws):
    return StateMachine(aws, REGION)


@pytest.fixture
def machine(machines):
    properties = {"name": "it", "roleArn": ROLE, "definition": DEFINITION}
    spelled = plain(machines.spelled(properties))
    return machines.create(Desired(spelled, {"owner": "muvi"}))


def definition(machines, machine):
    return json.loads(machines.client.describe_state_machine(stateMachineArn=machine)["definition"])


def test_what_is_null_in_a_definition_is_sent(machines, machine):
    assert definition(machines, machine) == DEFINITION


def test_what_only_a_creation_is_told_is_sent_whole(machines):
    born = machines.spelled({"name": "it", "$initial": {"roleArn": ROLE, "definition": DEFINITION}})
    assert machines.create(Desired(plain(born)))


def test_what_a_definition_no_more_says_is_gone(machines, machine):
    wanted = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    assert steps.update(machines, machine, {"definition": wanted}) == ()
    assert definition(machines, machine) == wanted


def test_another_spelling_of_the_definition_is_no_difference(machines, machine):
    observed = steps.look(machines, machine)
    turned = dict(reversed(DEFINITION.items()))
    assert steps.change(machines, observed, {"definition": turned}).fields == ()


def test_only_what_differs_is_sent(machines, machine):
    sent = steps.sent(machines.client)
    steps.update(machines, machine, {"definition": DEFINITION, "tracingConfiguration": None})
    steps.update(machines, machine, {"tracingConfiguration": {"enabled": True}})
    ((_, params),) = sent
    assert params.keys() == {"stateMachineArn", "tracingConfiguration"}
