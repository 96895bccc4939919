"""DevOps Guru, which moto lacks: what it watches in a region."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from reconciler.sandbox.services import provides

NAME = "devops-guru"


class GuruBackend(BaseBackend):
    """The stacks that are watched in one region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.stacks: list[str] = []

    @property
    def _url_module(self) -> Any:
        paths = {
            "{0}/resource-collections$": GuruResponse.dispatch,
            "{0}/resource-collections/(?P<kind>[^/]+)$": GuruResponse.dispatch,
        }
        return SimpleNamespace(
            url_bases=[rf"https?://{NAME}\.(.+)\.amazonaws\.com"], url_paths=paths
        )


class GuruResponse(BaseResponse):
    """What the service answers."""

    def __init__(self) -> None:
        super().__init__(service_name=NAME)

    @property
    def backend(self) -> GuruBackend:
        """What the request's account watches in its region."""
        return gurus[self.current_account][self.region]

    def get_resource_collection(self) -> ActionResult:
        """API_GetResourceCollection.html"""
        if self.path.rpartition("/")[2] != "AWS_CLOUD_FORMATION" or not self.backend.stacks:
            raise JsonRESTError("ResourceNotFoundException", "No such collection", code=404)
        watched = {"StackNames": list(self.backend.stacks)}
        return ActionResult({"ResourceCollection": {"CloudFormation": watched}})

    def update_resource_collection(self) -> EmptyResult:
        """API_UpdateResourceCollection.html: what is removed is all that is there."""
        told = self._get_param("ResourceCollection")["CloudFormation"]["StackNames"]
        if self._get_param("Action") == "ADD":
            new = [each for each in told if each not in self.backend.stacks]
            self.backend.stacks = [*self.backend.stacks, *new]
        elif {*told} != {*self.backend.stacks}:
            raise JsonRESTError("ValidationException", "This is not what is watched")
        else:
            self.backend.stacks = []
        return EmptyResult()


gurus = BackendDict(GuruBackend, NAME)
provides(NAME, gurus)
