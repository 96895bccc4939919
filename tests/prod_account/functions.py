"""§9 and §10: functions, and the rules that call them."""

from __future__ import annotations

import json
from typing import Any

from tests.prod_account.account import CODE, Account
from tests.prod_account.planted import planted
from tests.prod_account.tables import ACCOUNT, MAIN, table

SECRETIVE = "sync-films-prod"


def fill(account: Account) -> None:
    for row in table(9, "functions"):
        _function(account, row)
    for row in table(10, "schedules"):
        account("events").put_rule(
            Name=row["rule"], ScheduleExpression=row["expression"], State=row["state"]
        )
        _call(account, row["rule"], row["function"])
    for row in table(10, "pushes"):
        _push(account, row)


def _function(account: Account, row: dict[str, Any]) -> None:
    variables = {"STAGE": "prod"}
    if row["name"] == SECRETIVE:
        variables["VISTA_TOKEN"] = planted("function-environment")
    made = account("lambda").create_function(
        FunctionName=row["name"],
        Runtime=row["runtime"],
        Handler="index.handler",
        Role=account.role,
        Code={"ZipFile": CODE.getvalue()},
        MemorySize=row["memory"],
        Timeout=row["timeout"],
        Environment={"Variables": variables},
    )
    account.ids["function"][row["name"]] = made["FunctionArn"]


def _call(account: Account, rule: str, function: str) -> None:
    target = {"Id": "1", "Arn": account.ids["function"][function]}
    if function == SECRETIVE:
        target["Input"] = json.dumps({"token": planted("rule-input")})
    account("events").put_targets(Rule=rule, Targets=[target])
    account("lambda").add_permission(
        FunctionName=function,
        StatementId=rule,
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=f"arn:aws:events:{MAIN}:{ACCOUNT}:rule/{rule}",
    )


def _push(account: Account, row: dict[str, Any]) -> None:
    """What the copying is done by is not said: it hangs on the function for events."""
    pattern = {
        "source": ["aws.ecr"],
        "detail-type": ["ECR Image Action"],
        "detail": {"action-type": ["PUSH"], "repository-name": [row["repository"]]},
    }
    account("events").put_rule(
        Name=row["rule"], EventPattern=json.dumps(pattern), State=row["state"]
    )
    _call(account, row["rule"], "event-test")
