"""https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from typing import Any

from reconciler.aws import Aws
from reconciler.handler import ORDER, SET, Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties
from resources.lambda_ import condition, fingerprint, package_of, permission

SHA = "CodeSha256"
RESERVED = "ReservedConcurrentExecutions"
CODE = {"Architectures", "Code"}
EMPTY: Mapping[str, Any] = {
    "DeadLetterConfig": {"TargetArn": ""},
    "Description": "",
    "Environment": {"Variables": {}},
    "FileSystemConfigs": [],
    "ImageConfig": {},
    "KMSKeyArn": "",
    "Layers": [],
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
}
"""What takes a setting away: AWS leaves alone what it is not sent."""


class Function(Handler):
    """A function: its settings, who may invoke it, and its code where the code is ours."""

    key = ("FunctionName",)
    naming = "FunctionName"
    immutable = {"FunctionName", "PackageType"}
    deferred = {"Permissions"}
    loose = {"Environment"}  # to Lambda its values are text
    lists = {
        "Architectures": ORDER,  # there is only one
        "FileSystemConfigs": ("LocalMountPath", "Arn"),
        "ImageConfig.Command": ORDER,
        "ImageConfig.EntryPoint": ORDER,
        "Layers": ORDER,
        "Permissions": ("StatementId",),
        "VpcConfig.SecurityGroupIds": SET,
        "VpcConfig.SubnetIds": SET,
    }
    reads = {
        "ImageConfig": "ImageConfigResponse.ImageConfig",
        "Layers": "Layers[?Arn].Arn || Layers",
        "SnapStart": "SnapStart.{ApplyOn: ApplyOn}",
    }
    secret = {"Environment.Variables"}
    outputs = {"FunctionArn"}
    tagging = Tagging(id="Resource", of="FunctionArn", tags="Tags", key="", erased="TagKeys")
    serial = "FunctionName"

    def __init__(self, aws: Aws, region: str) -> None:
        super().__init__(aws, region)
        self._packages: dict[str, bytes] = {}
        """Those that the YAML speaks of, by what AWS calls their CodeSha256."""

    def listed(self, since: float = 0) -> Iterator[Found]:
        for function in self.listing("list_functions", since):
            yield Found(function["FunctionName"], function, arn=function["FunctionArn"])

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        # The listing shows no states. What does shows the tags and the concurrency as well.
        with missing("ResourceNotFoundException"):
            answer = self.client.get_function(FunctionName=found.id)
            function = _function(answer)
            if "Permissions" in mentioned:
                function["Permissions"] = self._permissions(found.id)
            return Observed(found.id, function, answer.get("Tags", {}), *condition(function))
        return None

    def create(self, desired: Desired) -> str:
        properties = self.spelled(desired.properties)
        taken = self.accepted("create_function", properties)
        code = {"Code": self._code(properties["Code"])}
        self.client.create_function(**{**taken, **code}, Tags=dict(desired.tags))
        return str(desired["FunctionName"])

    def update(self, change: Change) -> None:
        name = {"FunctionName": change.observed.id}
        self._write_permissions(change)
        if change.touches(RESERVED) and RESERVED in change.wanted:
            reserved = {RESERVED: change.wanted[RESERVED]}
            self.client.put_function_concurrency(**name, **reserved)
        elif change.touches(RESERVED):
            self.client.delete_function_concurrency(**name)
        # AWS takes one of these two at a time; the engine calls again once the first settled.
        if settings := self._settings(change):
            self.client.update_function_configuration(**name, **settings)
        elif change.touches(*CODE):
            code = self._code(change.wanted["Code"])
            where = {"Architectures": change.wanted["Architectures"]}
            self.client.update_function_code(**name, **code, **where)

    def delete(self, observed: Observed) -> None:
        with missing("ResourceNotFoundException"):
            self.client.delete_function(FunctionName=observed.id)

    def spelled(self, desired: Properties) -> Properties:
        """With the code as AWS answers it: by the hash of its package."""
        born = desired.get("$initial")
        if isinstance(born, Mapping) and "Code" in born:
            runtime = {"Runtime": desired.get("Runtime"), **born}
            code = self.spelled(runtime)["Code"]
            desired = {**desired, "$initial": {**born, "Code": code}}
        package = package_of(desired)
        if package is None:
            return desired
        self._packages[fingerprint(package)] = package
        return {**desired, "Code": {SHA: fingerprint(package)}}

    def _code(self, code: Properties) -> dict[str, Any]:
        """The code as requests take it. A package that is not ours cannot be sent again."""
        if SHA not in code:
            return dict(code)
        return {"ZipFile": self._packages[code[SHA]]} if code[SHA] in self._packages else {}

    def _settings(self, change: Change) -> dict[str, Any]:
        names = sorted(change.names - CODE)
        whole = {name: change.wanted.get(name, EMPTY.get(name)) for name in names}
        return self.accepted("update_function_configuration", whole)

    def _permissions(self, name: str) -> list[dict[str, Any]]:
        with missing("ResourceNotFoundException"):
            policy = json.loads(self.client.get_policy(FunctionName=name)["Policy"])
            return [permission(statement) for statement in policy["Statement"]]
        return []

    def _write_permissions(self, change: Change) -> None:
        name, statements = {"FunctionName": change.observed.id}, change.items("Permissions")
        gone = [each["StatementId"] for each in statements.removed]
        # Give before taking; but an id that is taken is refused, so that one goes first.
        for statement in statements.added:
            if statement["StatementId"] not in gone:
                self.client.add_permission(**name, **statement)
        for statement_id in gone:
            with missing("ResourceNotFoundException"):
                self.client.remove_permission(**name, StatementId=statement_id)
        for statement in statements.added:
            if statement["StatementId"] in gone:
                self.client.add_permission(**name, **statement)


def _function(answer: Properties) -> dict[str, Any]:
    """One answer about a function, without what AWS adds to what it was sent."""
    function = answer["Configuration"]
    image = answer.get("Code", {}).get("ImageUri")
    network = {n: v for n, v in (function.get("VpcConfig") or {}).items() if n != "VpcId"}
    return {
        **function,
        "Code": {"ImageUri": image} if image else {SHA: function[SHA]},
        "Environment": function.get("Environment") or {},  # left out where it is empty
        "VpcConfig": network,
        RESERVED: answer.get("Concurrency", {}).get(RESERVED),
    }
