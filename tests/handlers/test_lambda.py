"""What reaches Lambda, and packages. Corrections of moto: lambda_.py, lambda_answers.py."""

import base64
import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from reconciler.model import Desired, Found, Status
from resources.lambda_ import condition, fingerprint, folder, permission, text
from resources.lambda_.function import Function
from tests.conftest import REGION
from tests.handlers.steps import change, create, look, sent

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
ONE, TWO = {"ZipFile": "exports.handler = 1"}, {"ZipFile": "exports.handler = 2"}
EVENTS = {
    "StatementId": "events",
    "Action": "lambda:InvokeFunction",
    "Principal": "events.amazonaws.com",
}


@pytest.fixture
def declared(aws):
    trust = json.dumps(TRUST)
    iam = aws.client("iam", "us-east-1")
    role = iam.create_role(RoleName="runner", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    settings = {"Runtime": "nodejs22.x", "Handler": "index.handler", "Role": role}
    return {"FunctionName": "it", **settings, "Code": ONE}


@pytest.fixture
def functions(aws, declared):
    handler = Function(aws, REGION)
    create(handler, Desired(declared, {"Name": "it"}))
    look(handler, "it")  # AWS is done at the second look
    return handler


def named(calls):
    return [operation for operation, _ in calls]


def difference(functions, **properties):
    wanted = {"Runtime": "nodejs22.x", **properties}
    return change(functions, look(functions, "it", properties), wanted)


def test_a_function_is_made_with_its_code_and_its_tags(aws, declared):
    handler = Function(aws, REGION)
    calls = sent(handler.client)
    more = {"Permissions": [EVENTS], "ReservedConcurrentExecutions": 5}
    create(handler, Desired({**declared, **more}, {"Name": "it"}))
    package = {"ZipFile": text(ONE["ZipFile"], "nodejs22.x")}
    whole = {**declared, "Code": package, "Tags": {"Name": "it"}}
    assert calls == [("CreateFunction", whole)]


def test_code_of_the_pipeline_is_used_once_and_never_compared(aws, declared):
    handler = Function(aws, REGION)
    settings = {name: value for name, value in declared.items() if name != "Code"}
    create(handler, Desired({**settings, "$initial": {"Code": ONE}}))
    look(handler, "it")
    handler.client.update_function_code(FunctionName="it", ZipFile=text("theirs", "nodejs22.x"))
    assert change(handler, look(handler, "it"), settings).fields == ()


def test_code_of_ours_is_compared_by_its_hash(functions):
    assert difference(functions, Code=ONE).fields == ()
    assert difference(functions, Code=TWO).names == {"Code"}


def test_settings_go_first_and_code_when_they_have_settled(functions):
    calls = sent(functions.client)
    functions.update(difference(functions, Code=TWO, Timeout=60))
    busy = look(functions, "it")
    assert busy.status is Status.PENDING
    rest = difference(functions, Code=TWO, Timeout=60)
    assert rest.names == {"Code"}
    functions.update(rest)
    assert named(calls) == ["UpdateFunctionConfiguration", "UpdateFunctionCode"]
    assert difference(functions, Code=TWO, Timeout=60).fields == ()


def test_only_what_differs_is_sent_but_that_whole(functions):
    variables = {"Variables": {"STAGE": "uat"}}
    functions.update(difference(functions, Environment=variables))
    look(functions, "it")
    calls = sent(functions.client)
    functions.update(difference(functions, Environment={"Variables": {"MORE": "yes"}}))
    both = {"Variables": {"STAGE": "uat", "MORE": "yes"}}
    sent_ = {"FunctionName": "it", "Environment": both}
    assert calls == [("UpdateFunctionConfiguration", sent_)]


def test_what_shall_be_absent_is_sent_empty(functions):
    functions.update(difference(functions, Description="old"))
    look(functions, "it")
    calls = sent(functions.client)
    functions.update(difference(functions, Description=None))
    assert calls == [("UpdateFunctionConfiguration", {"FunctionName": "it", "Description": ""})]


def test_the_same_code_goes_again_to_another_architecture(functions):
    calls = sent(functions.client)
    functions.update(difference(functions, Code=ONE, Architectures=["arm64"]))
    ((operation, parameters),) = calls
    assert operation == "UpdateFunctionCode"
    assert parameters["ZipFile"] == text(ONE["ZipFile"], "nodejs22.x")


def test_permissions_are_given_before_others_are_taken(functions):
    functions.update(difference(functions, Permissions=[EVENTS]))
    renamed = {**EVENTS, "StatementId": "schedule"}
    calls = sent(functions.client)
    functions.update(difference(functions, Permissions=[renamed]))
    assert named(calls) == ["AddPermission", "RemovePermission"]
    assert difference(functions, Permissions=[renamed]).fields == ()


def test_a_changed_permission_must_go_before_it_comes(functions):
    functions.update(difference(functions, Permissions=[EVENTS]))
    source = {"SourceArn": "arn:aws:events:eu-central-1:123456789012:rule/it"}
    calls = sent(functions.client)
    functions.update(difference(functions, Permissions=[{**EVENTS, **source}]))
    assert named(calls) == ["RemovePermission", "AddPermission"]


def test_the_policy_is_read_only_if_mentioned(functions):
    calls = sent(functions.client, "GetPolicy", "GetFunction")
    look(functions, "it", ["Timeout", "ReservedConcurrentExecutions"])
    assert named(calls) == ["GetFunction"]
    look(functions, "it", ["Permissions"])
    assert named(calls) == ["GetFunction"] * 2 + ["GetPolicy"]


def test_a_reserved_concurrency_is_taken_away(functions):
    functions.update(difference(functions, ReservedConcurrentExecutions=5))
    calls = sent(functions.client)
    functions.update(difference(functions, ReservedConcurrentExecutions=None))
    assert calls == [("DeleteFunctionConcurrency", {"FunctionName": "it"})]


def test_layers_are_read_by_their_arns_however_often(functions):
    arns = ["arn:aws:lambda:eu-central-1:123456789012:layer:a:1"]
    once = functions.read({"Layers": [{"Arn": arns[0], "CodeSize": 1}]})
    assert once["Layers"] == arns
    assert functions.read(once)["Layers"] == arns


def test_layers_are_changed_and_taken_away(functions):
    code = {"ZipFile": text("exports.handler = 1", "nodejs22.x")}
    layers = [
        functions.client.publish_layer_version(LayerName=name, Content=code)["LayerVersionArn"]
        for name in ("one", "other")
    ]
    for wanted in (layers, layers[::-1], layers[:1], []):
        calls = sent(functions.client)
        functions.update(difference(functions, Layers=wanted))
        assert calls[0] == (
            "UpdateFunctionConfiguration",
            {"FunctionName": "it", "Layers": wanted},
        )
        look(functions, "it")
        assert difference(functions, Layers=wanted).fields == ()


def test_a_function_from_an_image_is_told_apart_by_it(aws, declared, monkeypatch):
    monkeypatch.setenv("MOTO_LAMBDA_STUB_ECR", "true")
    handler, repository = Function(aws, REGION), "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
    image = {"ImageUri": f"{repository}/it:1"}
    create(handler, Desired({**declared, "PackageType": "Image", "Code": image}))
    look(handler, "it")
    assert change(handler, look(handler, "it"), {"Code": image}).fields == ()
    command = {"ImageConfig": {"Command": ["run"]}}
    handler.update(change(handler, look(handler, "it"), command))
    assert change(handler, look(handler, "it"), command).fields == ()
    look(handler, "it")
    calls = sent(handler.client)
    without = {"ImageConfig": None}
    handler.update(change(handler, look(handler, "it"), without))
    assert calls[0][1] == {"FunctionName": "it", "ImageConfig": {}}
    assert change(handler, look(handler, "it"), without).fields == ()


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ({"State": "Pending"}, Status.PENDING),
        ({"State": "Active", "LastUpdateStatus": "InProgress"}, Status.PENDING),
        ({"State": "Failed", "StateReason": "no access to the key"}, Status.BROKEN),
        ({"State": "Failed", "LastUpdateStatus": "Failed", "StateReason": "no"}, Status.BROKEN),
        ({"State": "Active", "LastUpdateStatus": "Failed"}, Status.WAITING),
        ({"State": "Inactive"}, Status.READY),
    ],
)
def test_a_state_says_what_we_do_about_it(functions, monkeypatch, state, status):
    answer = functions.client.get_function(FunctionName="it")
    answer["Configuration"] |= state
    monkeypatch.setattr(functions.client, "get_function", lambda **_: answer)
    observed = functions.get(Found("it", {}), set())
    assert observed.status is status
    assert status is not Status.BROKEN or observed.reason == state["StateReason"]


def test_an_update_that_aws_took_back_waits_for_people_and_is_sent_again_if_it_differs(functions):
    failed = {"State": "Active", "LastUpdateStatus": "Failed", "FunctionName": "it"}
    reason = "The subnet has no free addresses."
    _, why, (wait,) = condition({**failed, "LastUpdateStatusReason": reason})
    assert why == f"AWS took its last update back: {reason}"
    assert wait.what.endswith("aws lambda update-function-configuration --function-name it")
    # The command that we tell is one that mends it.
    functions.client.update_function_configuration(FunctionName="it")
    look(functions, "it")
    assert look(functions, "it").status is Status.READY


@pytest.mark.parametrize(
    ("principal", "read"),
    [
        ({"Service": "s3.amazonaws.com"}, "s3.amazonaws.com"),
        ({"AWS": "arn:aws:iam::210987654321:root"}, "210987654321"),
        (
            {"AWS": "arn:aws:iam::210987654321:role/partner"},
            "arn:aws:iam::210987654321:role/partner",
        ),
        ("*", "*"),
    ],
)
def test_a_principal_reads_as_it_was_given(principal, read):
    statement = {"Sid": "it", "Action": "lambda:InvokeFunction", "Principal": principal}
    assert permission(statement)["Principal"] == read


def test_conditions_read_as_the_parameters_they_were():
    condition = {
        "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::media"},
        "StringEquals": {
            "aws:SourceAccount": "123456789012",
            "lambda:FunctionUrlAuthType": "NONE",
            "aws:PrincipalOrgID": "o-1",
        },
        "Bool": {"lambda:InvokedViaFunctionUrl": "true"},
    }
    service = {"Service": "s3.amazonaws.com"}
    statement = {"Sid": "it", "Action": "lambda:InvokeFunction", "Principal": service}
    assert permission({**statement, "Condition": condition}) == {
        "StatementId": "it",
        "Action": "lambda:InvokeFunction",
        "Principal": "s3.amazonaws.com",
        "SourceArn": "arn:aws:s3:::media",
        "SourceAccount": "123456789012",
        "FunctionUrlAuthType": "NONE",
        "PrincipalOrgID": "o-1",
        "InvokedViaFunctionUrl": True,
    }


def test_a_folder_makes_the_same_package_whenever_it_was_written(tmp_path):
    for name in ("one", "other"):
        home = tmp_path / name
        (home / "lib").mkdir(parents=True)
        (home / "__pycache__").mkdir()
        (home / "__pycache__" / "index.pyc").write_text(name)
        for file in ("lib/b.js", "index.js") if name == "one" else ("index.js", "lib/b.js"):
            (home / file).write_text(file)
            os.utime(home / file, (len(name) * 10**8,) * 2)
            (home / file).chmod(0o600 if name == "one" else 0o644)
    one, other = folder(tmp_path / "one"), folder(tmp_path / "other")
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert archive.namelist() == ["index.js", "lib/b.js"]
        assert {each.external_attr >> 16 for each in archive.infolist()} == {0o644}
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_package_does_not_depend_on_how_a_disk_orders_files(tmp_path, monkeypatch):
    for name in "abc":
        (tmp_path / f"{name}.js").write_text(name)
    there = sorted(tmp_path.iterdir())
    packages = set()
    for order in (there, there[::-1]):
        monkeypatch.setattr(Path, "rglob", lambda self, pattern, order=order: iter(order))
        packages.add(folder(tmp_path))
    assert len(packages) == 1


def test_what_can_be_run_can_be_run_in_the_package(tmp_path):
    (tmp_path / "bootstrap").write_text("#!/bin/sh")
    (tmp_path / "bootstrap").chmod(0o700)
    with zipfile.ZipFile(io.BytesIO(folder(tmp_path))) as archive:
        assert archive.getinfo("bootstrap").external_attr >> 16 == 0o755


@pytest.mark.parametrize(
    ("runtime", "file"), [("python3.13", "index.py"), ("nodejs22.x", "index.js")]
)
def test_a_source_becomes_the_file_that_its_runtime_expects(runtime, file):
    with zipfile.ZipFile(io.BytesIO(text("source", runtime))) as archive:
        assert archive.read(file) == b"source"


def test_an_archive_in_base64_is_taken_as_it_is():
    package = text("source", "nodejs22.x")
    assert text(base64.b64encode(package).decode(), "nodejs22.x") == package


def test_our_fingerprint_is_the_one_that_aws_answers(functions):
    observed = look(functions, "it")
    assert observed["CodeSha256"] == fingerprint(text(ONE["ZipFile"], "nodejs22.x"))
