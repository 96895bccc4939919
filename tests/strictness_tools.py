"""The calls behind docs/strictness.md: tables, state machines, work groups, metric filters."""

import json

CALLS = {}
ROLE = "arn:aws:iam::123456789012:role/states"
DONE = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}


def row(what):
    def keep(call):
        CALLS[what] = call
        return call

    return keep


def machine(moto, **definition):
    text = json.dumps({**DONE, **definition})
    made = moto("stepfunctions").create_state_machine(name="it", definition=text, roleArn=ROLE)
    return made["stateMachineArn"]


def table(moto, **more):
    attribute = {"AttributeName": "LockID"}
    made = moto("dynamodb").create_table(
        TableName="locks",
        AttributeDefinitions=[{**attribute, "AttributeType": "S"}],
        KeySchema=[{**attribute, "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        **more,
    )
    return made["TableDescription"]


def put(moto, group="/web", pattern="ERROR", **more):
    metric = {"metricName": "Errors", "metricNamespace": "Web", "metricValue": "1", **more}
    moto("logs").put_metric_filter(
        logGroupName=group,
        filterName="errors",
        filterPattern=pattern,
        metricTransformations=[metric],
    )


@row("a state machine that begins nowhere")
def _(moto):
    machine(moto, StartAt="Begin")


@row("a second state machine of the same name")
def _(moto):
    machine(moto)
    machine(moto, Comment="another")


@row("the state of a state machine that is deleted")
def _(moto):
    states, arn = moto("stepfunctions"), machine(moto)
    states.delete_state_machine(stateMachineArn=arn)
    return states.describe_state_machine(stateMachineArn=arn)["status"]


@row("the state of a new table")
def _(moto):
    return table(moto)["TableStatus"]


@row("a table is changed before the last change is done")
def _(moto):
    table(moto)
    moto("dynamodb").update_table(TableName="locks", DeletionProtectionEnabled=True)


@row("items that expire by a second attribute")
def _(moto):
    table(moto)
    for name in ("expires", "ends"):
        spec = {"Enabled": True, "AttributeName": name}
        moto("dynamodb").update_time_to_live(TableName="locks", TimeToLiveSpecification=spec)


@row("a work group that there is not")
def _(moto):
    moto("athena").get_work_group(WorkGroup="none")


@row("the work group that every account has is deleted")
def _(moto):
    moto("athena").delete_work_group(WorkGroup="primary", RecursiveDeleteOption=False)


@row("a metric filter of a group that there is not")
def _(moto):
    put(moto)


@row("how many filters a filter is that was put twice")
def _(moto):
    moto("logs").create_log_group(logGroupName="/web")
    put(moto)
    put(moto, pattern="FATAL")
    return str(len(moto("logs").describe_metric_filters()["metricFilters"]))


@row("a metric with dimensions and a default value")
def _(moto):
    moto("logs").create_log_group(logGroupName="/web")
    put(moto, defaultValue=0, dimensions={"Path": "$.path"})
