"""CodeGuru Profiler, which moto lacks: groups of what is profiled together."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from reconciler.sandbox.services import provides

HOST = "codeguru-profiler"
PAGE = 100


class ProfilerBackend(BaseBackend):
    """The profiling groups of one region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.groups: dict[str, dict[str, Any]] = {}

    @property
    def _url_module(self) -> Any:
        every = {f"{{0}}/{path}$": ProfilerResponse.dispatch for path in PATHS}
        return SimpleNamespace(
            url_bases=[rf"https?://{HOST}\.(.+)\.amazonaws\.com"], url_paths=every
        )

    def one(self, name: str) -> dict[str, Any]:
        """The group of this name."""
        if name not in self.groups:
            raise JsonRESTError("ResourceNotFoundException", f"No profiling group {name}", code=404)
        return self.groups[name]


PATHS = (
    "profilingGroups",
    "profilingGroups/(?P<name>[^/]+)",
    "tags/(?P<arn>.+)",
)


class ProfilerResponse(BaseResponse):
    """What the service answers."""

    def __init__(self) -> None:
        super().__init__(service_name="codeguruprofiler")

    @property
    def backend(self) -> ProfilerBackend:
        """The groups of the request's account and region."""
        return profilers[self.current_account][self.region]

    def create_profiling_group(self) -> ActionResult:
        """API_CreateProfilingGroup.html: a name is taken once, but by the same token."""
        name, token = self._get_param("profilingGroupName"), self._get_param("clientToken")
        there = self.backend.groups.get(name)
        if there and there["token"] != token:
            raise JsonRESTError("ConflictException", f"{name} already exists", code=409)
        place = f"{self.region}:{self.current_account}"
        made = {
            "name": name,
            "arn": f"arn:aws:codeguru-profiler:{place}:profilingGroup/{name}",
            "computePlatform": self._get_param("computePlatform") or "Default",
            "agentOrchestrationConfig": self._get_param("agentOrchestrationConfig")
            or {"profilingEnabled": True},
            "tags": self._get_param("tags") or {},
            "token": token,
        }
        self.backend.groups.setdefault(name, made)
        return ActionResult({"profilingGroup": _shown(self.backend.groups[name])})

    def list_profiling_groups(self) -> ActionResult:
        """API_ListProfilingGroups.html: names, and all about them if that is asked for."""
        first = int(self._get_param("nextToken") or 0)
        last = first + int(self._get_param("maxResults") or PAGE)
        groups = list(self.backend.groups.values())
        some = groups[first:last]
        more = {"nextToken": str(last)} if last < len(groups) else {}
        described = str(self._get_param("includeDescription")).lower() == "true"
        whole = {"profilingGroups": [_shown(each) for each in some]} if described else {}
        names = [each["name"] for each in some]
        return ActionResult({"profilingGroupNames": names, **whole, **more})

    def update_profiling_group(self) -> ActionResult:
        """API_UpdateProfilingGroup.html"""
        group = self.backend.one(self._get_param("profilingGroupName"))
        group["agentOrchestrationConfig"] = self._get_param("agentOrchestrationConfig")
        return ActionResult({"profilingGroup": _shown(group)})

    def delete_profiling_group(self) -> EmptyResult:
        """API_DeleteProfilingGroup.html"""
        del self.backend.groups[self.backend.one(self._get_param("profilingGroupName"))["name"]]
        return EmptyResult()

    def tag_resource(self) -> EmptyResult:
        """API_TagResource.html: tags are added to those that there are."""
        self._tagged()["tags"].update(self._get_param("tags"))
        return EmptyResult()

    def untag_resource(self) -> EmptyResult:
        """API_UntagResource.html"""
        for name in self.querystring.get("tagKeys", []):
            self._tagged()["tags"].pop(name, None)
        return EmptyResult()

    def _tagged(self) -> dict[str, Any]:
        return self.backend.one(unquote(self.path).rpartition("/")[2])


def _shown(group: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in group.items() if name != "token"}


profilers = BackendDict(ProfilerBackend, "codeguruprofiler")
provides(HOST, profilers)
