"""EventBridge: schedules and targets that moto should have refused."""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.events.exceptions import ValidationException
from moto.events.models import EventsBackend

from reconciler.load.schedules import wrong
from reconciler.sandbox.corrections import Method, corrects

MOST_TARGETS = 5


@corrects(EventsBackend, "put_rule")
def put_rule(original: Method, self: Any, name: str, **given: Any) -> Any:
    """moto takes schedules that never come. API_PutRule.html"""
    schedule = given.get("scheduled_expression")
    if schedule and wrong(schedule):
        raise ValidationException("Parameter ScheduleExpression is not valid.")
    return original(self, name, **given)


@corrects(EventsBackend, "put_targets")
def put_targets(
    original: Method, self: Any, name: str, event_bus_arn: str | None, targets: Any
) -> None:
    """moto takes any number of targets; AWS five a rule. eb-quota.html"""
    rule = self.describe_rule(name, event_bus_arn)
    if len({target["Id"] for target in (*rule.targets, *targets)}) > MOST_TARGETS:
        raise JsonRESTError(
            "LimitExceededException", "The requested resource exceeds the maximum number allowed."
        )
    original(self, name, event_bus_arn, targets)
