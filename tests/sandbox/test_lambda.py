"""Written from the Lambda API reference: what AWS does with functions."""

import json
from datetime import date

import pytest
from botocore.exceptions import ClientError

from resources.lambda_ import text

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
NAME = {"FunctionName": "it"}
STATEMENT = {
    **NAME,
    "StatementId": "events",
    "Action": "lambda:InvokeFunction",
    "Principal": "events.amazonaws.com",
}


@pytest.fixture
def functions(moto):
    return moto("lambda")


@pytest.fixture
def create(moto, functions):
    trust = json.dumps(TRUST)
    role = moto("iam").create_role(RoleName="runner", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    code = {"ZipFile": text("exports.handler = 1", "nodejs22.x")}

    def made(**given):
        whole = {"Runtime": "nodejs22.x", "Handler": "index.handler", "Role": role, "Code": code}
        return functions.create_function(**NAME, **{**whole, **given})

    return made


@pytest.fixture
def settled(functions, create):
    def made(**given):
        create(**given)
        functions.get_function(**NAME)

    return made


def shown(functions):
    return functions.get_function(**NAME)["Configuration"]


def refusal(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"]


def test_a_new_function_is_pending_first(functions, create):
    assert create()["State"] == "Pending"
    assert shown(functions)["State"] == "Pending"
    assert shown(functions)["State"] == "Active"


def test_its_configuration_alone_settles_too(functions, create):
    create()
    states = [functions.get_function_configuration(**NAME)["State"] for _ in range(2)]
    assert states == ["Pending", "Active"]


def test_a_listing_shows_no_states(functions, create):
    create()
    (listed,) = functions.list_functions()["Functions"]
    assert "State" not in listed


@pytest.fixture
def on(monkeypatch):
    def day(text):
        monkeypatch.setattr("reconciler.sandbox.lambda_.today", lambda: date.fromisoformat(text))

    return day


@pytest.mark.parametrize(
    ("runtime", "day"),
    [
        ("nodejs14.x", "2026-11-22"),
        ("python3.9", "2027-02-01"),
        ("nodejs22.x", "2027-06-01"),
        ("python9.9", "2026-11-22"),
    ],
)
def test_a_runtime_is_refused_to_new_functions_from_its_day_on(create, on, runtime, day):
    on(day)
    assert refusal(create, Runtime=runtime) == "InvalidParameterValueException"


def test_until_then_it_is_taken_and_changed_longer_still(functions, create, on):
    on("2027-01-31")
    create(Runtime="nodejs18.x")
    functions.get_function(**NAME)
    on("2027-03-02")
    functions.update_function_configuration(**NAME, Timeout=9)
    functions.get_function(**NAME)
    on("2027-03-03")
    refused = refusal(functions.update_function_configuration, **NAME, Timeout=10)
    assert refused == "InvalidParameterValueException"
    code = text("exports.handler = 2", "nodejs18.x")
    refused = refusal(functions.update_function_code, **NAME, ZipFile=code)
    assert refused == "InvalidParameterValueException"


def test_a_blocked_runtime_is_refused_to_a_function_that_exists(functions, settled):
    settled()
    given = {**NAME, "Runtime": "nodejs12.x"}
    refused = refusal(functions.update_function_configuration, **given)
    assert refused == "InvalidParameterValueException"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DeadLetterConfig", {"TargetArn": "arn:aws:sqs:eu-central-1:123456789012:dead"}),
        ("EphemeralStorage", {"Size": 1024}),
        (
            "FileSystemConfigs",
            [
                {
                    "Arn": f"arn:aws:elasticfilesystem:eu-central-1:1:access-point/fsap-{'0' * 17}",
                    "LocalMountPath": "/mnt/films",
                }
            ],
        ),
        ("KMSKeyArn", "arn:aws:kms:eu-central-1:123456789012:key/1"),
        ("LoggingConfig", {"LogFormat": "Text", "LogGroup": "/muvi/it"}),
        ("TracingConfig", {"Mode": "Active"}),
    ],
)
def test_a_setting_can_be_changed(functions, settled, setting, value):
    settled()
    functions.update_function_configuration(**NAME, **{setting: value})
    assert shown(functions)[setting] == value


def test_a_setting_sent_empty_is_taken_away(functions, settled):
    target = {"TargetArn": "arn:aws:sqs:eu-central-1:123456789012:dead"}
    settled(DeadLetterConfig=target)
    assert shown(functions)["DeadLetterConfig"] == target
    functions.update_function_configuration(**NAME, DeadLetterConfig={"TargetArn": ""})
    assert "DeadLetterConfig" not in shown(functions)


def test_a_function_logs_to_its_own_group_as_text(functions, create):
    create()
    assert shown(functions)["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/it"}


def test_logs_in_json_have_levels(functions, create):
    create(LoggingConfig={"LogFormat": "JSON"})
    assert shown(functions)["LoggingConfig"]["SystemLogLevel"] == "INFO"


def test_an_image_has_settings_only_where_somebody_made_them(functions, create, monkeypatch):
    monkeypatch.setenv("MOTO_LAMBDA_STUB_ECR", "true")
    image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/it:1"
    create(PackageType="Image", Code={"ImageUri": image})
    assert "ImageConfigResponse" not in shown(functions)
    functions.update_function_configuration(**NAME, ImageConfig={"Command": ["run"]})
    assert shown(functions)["ImageConfigResponse"]["ImageConfig"]["Command"] == ["run"]


def test_one_update_at_a_time(functions, settled):
    settled()
    assert "InProgress" in functions.update_function_configuration(**NAME, Timeout=9).values()
    refused = refusal(functions.update_function_configuration, **NAME, Timeout=10)
    assert refused == "ResourceConflictException"
    assert shown(functions)["LastUpdateStatus"] == "InProgress"
    assert shown(functions)["LastUpdateStatus"] == "Successful"


def test_code_waits_for_settings(functions, settled):
    settled()
    functions.update_function_configuration(**NAME, Timeout=9)
    code = text("exports.handler = 2", "nodejs22.x")
    refused = refusal(functions.update_function_code, **NAME, ZipFile=code)
    assert refused == "ResourceConflictException"


def test_an_architecture_comes_with_code(functions, settled):
    settled()
    wanted = {**NAME, "Architectures": ["arm64"]}
    assert refusal(functions.update_function_code, **wanted) == "InvalidParameterValueException"
    code = text("exports.handler = 2", "nodejs22.x")
    functions.update_function_code(**wanted, ZipFile=code)
    assert shown(functions)["Architectures"] == ["arm64"]


def test_a_function_shows_the_network_of_its_subnets(moto, functions, create):
    ec2 = moto("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    create(VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": ["sg-1"]})
    assert shown(functions)["VpcConfig"]["VpcId"] == vpc


def test_a_reserved_concurrency_of_nothing_is_shown(functions, create):
    create()
    functions.put_function_concurrency(**NAME, ReservedConcurrentExecutions=0)
    concurrency = functions.get_function(**NAME)["Concurrency"]
    assert concurrency == {"ReservedConcurrentExecutions": 0}


def test_a_statement_is_not_added_twice(functions, create):
    create()
    functions.add_permission(**STATEMENT)
    assert refusal(functions.add_permission, **STATEMENT) == "ResourceConflictException"
