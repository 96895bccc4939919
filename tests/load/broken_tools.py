"""The same of state machines, tables and metric filters."""

MACHINE = """
stepfunctions.state_machine:
  scale:
    roleArn: arn:aws:iam::123456789012:role/states
    definition:
      StartAt: Look
      States:
        Look: {Type: Task, Resource: '${lambda.function/web.FunctionArn}', Next: Enough}
        Enough:
          Type: Choice
          Choices: [{Variable: $.n, NumericLessThan: 4, Next: Both}]
          Default: Done
        Both:
          Type: Parallel
          End: true
          Branches: [{StartAt: One, States: {One: {Type: Pass, End: true}}}]
        Done: {Type: Succeed}
lambda.function:
  web: {Handler: index.handler, Role: 'arn:aws:iam::123456789012:role/web', Code: {ZipFile: x}}
"""

TABLE = """
dynamodb.table:
  locks:
    AttributeDefinitions: [{AttributeName: LockID, AttributeType: S}]
    KeySchema: [{AttributeName: LockID, KeyType: HASH}]
    BillingMode: PROVISIONED
    ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}
"""

COUNTED = """
logs.log_group: {/web: {}}
logs.metric_filter:
  errors:
    logGroupName: ${logs.log_group//web.logGroupName}
    filterPattern: ERROR
    metricTransformations:
      - {metricName: Errors, metricNamespace: Web, metricValue: 1, defaultValue: 0}
"""

BROKEN = {
    "a state machine that begins nowhere": (
        MACHINE,
        ("StartAt: Look", "StartAt: Lok"),
        ("definition StartAt is Lok, and there is no such state", "Did you mean Look?"),
    ),
    "a state that leads nowhere": (
        MACHINE,
        ("Next: Enough", "Next: Enugh"),
        "definition States.Look: Next is Enugh, and there is no such state",
    ),
    "a choice that leads nowhere": (
        MACHINE,
        ("Next: Both", "Next: Scale"),
        "States.Enough.Choices[0]: Next is Scale, and there is no such state",
    ),
    "a state without an end": (
        MACHINE,
        (", Next: Enough}", "}"),
        "States.Look: AWS wants Next or End: true of it, one of the two",
    ),
    "a branch that begins nowhere": (
        MACHINE,
        ("StartAt: One", "StartAt: Two"),
        "States.Both.Branches[0]: StartAt is Two, and there is no such state",
    ),
    "a state of no type": (
        MACHINE,
        ("Type: Succeed", "Type: Stop"),
        "States.Done: its Type is Stop, which AWS would refuse; it takes Choice, Fail, Succeed",
    ),
    "a capacity of what is paid per request": (
        TABLE,
        ("PROVISIONED", "PAY_PER_REQUEST"),
        "ProvisionedThroughput stands beside BillingMode PAY_PER_REQUEST, so AWS would refuse it",
    ),
    "a table without a capacity": (
        TABLE,
        ("    ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}\n", ""),
        "BillingMode is PROVISIONED, where nothing else is said, but there is no Provisioned",
    ),
    "a key that is not defined": (
        TABLE,
        (
            "LockID, KeyType: HASH}",
            "LockID, KeyType: HASH}, {AttributeName: At, KeyType: RANGE}",
        ),
        "KeySchema[1].AttributeName is At, which AttributeDefinitions does not define",
    ),
    "an attribute of which no key is made": (
        TABLE,
        ("AttributeType: S}]", "AttributeType: S}, {AttributeName: Who, AttributeType: S}]"),
        "AttributeDefinitions[1].AttributeName is Who, of which no key is made",
    ),
    "a metric with dimensions and a default": (
        COUNTED,
        ("defaultValue: 0", "defaultValue: 0, dimensions: {Path: $.path}"),
        "metricTransformations[0].defaultValue stands beside dimensions, and AWS takes one of the",
    ),
}  # fmt: skip

OPEN = {
    "a state that leads nowhere": "Next: '${input.some}'",
    "a state of no type": "Type: '${input.some}'",
    "a table without a capacity": "    ProvisionedThroughput: ${input.some}\n",
    "an attribute of which no key is made": "AttributeType: S}, {AttributeName: '${input.some}'}]",
}
