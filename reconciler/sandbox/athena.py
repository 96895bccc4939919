"""Athena: moto cannot change a work group, says nothing of a missing one, and deletes any."""

from __future__ import annotations

from typing import Any

from moto.athena.models import AthenaBackend
from moto.athena.responses import AthenaResponse
from moto.core.exceptions import JsonRESTError

from reconciler.sandbox.corrections import Method, corrects

PRIMARY = "primary"
PARTS = "ResultConfigurationUpdates"


class InvalidRequest(JsonRESTError):
    code = 400

    def __init__(self, message: str) -> None:
        super().__init__("InvalidRequestException", message)


@corrects(AthenaBackend, "create_work_group")
def create_work_group(original: Method, self: Any, name: str, *more: Any, **named: Any) -> Any:
    """moto says otherwise what stands in its way. API_CreateWorkGroup.html"""
    if name in self.work_groups:
        raise InvalidRequest("WorkGroup is already created")
    return original(self, name, *more, **named)


@corrects(AthenaBackend, "get_work_group")
def get_work_group(original: Method, self: Any, name: str) -> dict[str, Any]:
    """moto shows nothing, and no refusal. API_GetWorkGroup.html"""
    _group(self, name)
    shown: dict[str, Any] = original(self, name)
    return shown


@corrects(AthenaResponse, "update_work_group")
def update_work_group(_: Method, self: Any) -> str:
    """moto lacks it. API_UpdateWorkGroup.html"""
    group = _group(self.athena_backend, self._get_param("WorkGroup"))
    if (description := self._get_param("Description")) is not None:
        group.description = description
    group.state = self._get_param("State") or group.state
    updates = self._get_param("ConfigurationUpdates") or {}
    results = {**group.configuration.get("ResultConfiguration", {})}
    _change(results, updates.pop(PARTS, {}))
    _change(group.configuration, updates)
    group.configuration["ResultConfiguration"] = results
    return "{}"


@corrects(AthenaBackend, "delete_work_group")
def delete_work_group(original: Method, self: Any, name: str) -> None:
    """moto deletes what is not there, and the one that every account has, and leaves tags to the
    next of that name. API_DeleteWorkGroup.html"""
    group = _group(self, name)
    if name == PRIMARY:
        raise InvalidRequest("The primary WorkGroup cannot be deleted")
    self.tagger.delete_all_tags_for_resource(group.arn)
    original(self, name)


@corrects(AthenaBackend, "list_tags_for_resource")
def list_tags_for_resource(_: Method, self: Any, resource_arn: str) -> dict[str, Any]:
    """moto does not know what has no tags. API_ListTagsForResource.html"""
    shown: dict[str, Any] = self.tagger.list_tags_for_resource(resource_arn)
    return shown


def _group(self: Any, name: str) -> Any:
    if name not in self.work_groups:
        raise InvalidRequest(f"WorkGroup {name} is not found.")
    return self.work_groups[name]


def _change(before: dict[str, Any], updates: dict[str, Any]) -> None:
    """What is not named stays; what is named with Remove before it goes."""
    for name, value in updates.items():
        if name.startswith("Remove") and value:
            before.pop(name.removeprefix("Remove"), None)
        elif name == "EngineVersion":
            before[name] = {**before[name], **value}
        elif not name.startswith("Remove"):
            before[name] = value
