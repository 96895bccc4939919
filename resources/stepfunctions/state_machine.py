"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html"""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import SET, Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Status
from reconciler.overlay import unknown

GONE = ("StateMachineDoesNotExist", "ResourceNotFound")
UNSAID = {
    "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
    "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
    "tracingConfiguration": {"enabled": False},
}
"""What AWS shows where nothing was said. Nothing takes a setting away but to say this."""


class StateMachine(Handler):
    """A state machine: its states, and as whom it acts."""

    key = ("name",)
    naming = "name"
    immutable = {"name", "type"}
    lists = {"loggingConfiguration.destinations": SET}
    outputs = {"stateMachineArn"}
    tagging = Tagging(key="key", value="value")
    overwrites = True  # AWS hands over one of the same definition, whatever role and tags we send

    def listed(self, since: float = 0) -> Iterator[Found]:
        for machine in self.listing("list_state_machines", since):
            arn = machine["stateMachineArn"]
            yield Found(arn, machine, arn=arn)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing(*GONE):
            machine = self.client.describe_state_machine(stateMachineArn=found.id)
            machine["definition"] = _text(machine["definition"])
            tags = found.tags
            if tags is None:
                answer = self.client.list_tags_for_resource(resourceArn=found.id)
                tags = self.tagging.from_aws(answer["tags"])
            if machine["status"] != "DELETING":
                return Observed(found.id, machine, tags)
            why = "it is being deleted, once its executions have ended"
            return Observed(found.id, machine, tags, Status.PENDING, why)
        return None

    def spelled(self, desired: Properties) -> Properties:
        """The definition as one text: it is ours whole, and what is null in it has a meaning."""
        unsaid = {n: v for n, v in UNSAID.items() if n in desired and desired[n] is None}
        if not desired.get("definition") or unknown(desired["definition"]):
            return {**desired, **unsaid}
        return {**desired, **unsaid, "definition": _text(desired["definition"])}

    def create(self, desired: Desired) -> str:
        machine = {**desired.properties, "definition": _text(desired["definition"])}
        tags = self.tagging.to_aws(desired.tags)
        return str(self.client.create_state_machine(**machine, tags=tags)["stateMachineArn"])

    def update(self, change: Change) -> None:
        # AWS leaves alone what it is not sent.
        settings = self.accepted("update_state_machine", change.changed)
        self.client.update_state_machine(stateMachineArn=change.observed.id, **settings)

    def delete(self, observed: Observed) -> None:
        # AWS lets executions end first, and takes the call again meanwhile.
        self.client.delete_state_machine(stateMachineArn=observed.id)


def _text(definition: Any) -> str:
    """A definition in one spelling."""
    whole = json.loads(definition) if isinstance(definition, str) else definition
    return json.dumps(whole, sort_keys=True)
