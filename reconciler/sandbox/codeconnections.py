"""CodeConnections, which moto lacks: connections to where code is, once people have let us in.

It answers under its old name, CodeStar Connections, as well:
https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.utilities.tagging_service import TaggingService

from reconciler.sandbox.people import people
from reconciler.sandbox.services import provides

OLD, NEW = "codestar-connections", "codeconnections"
HOSTED = {"GitHubEnterpriseServer", "GitLabSelfManaged"}
PAGE = 100


class ConnectionsBackend(BaseBackend):
    """The connections of one region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.connections: dict[str, dict[str, str]] = {}
        self.tagger = TaggingService()

    @property
    def _url_module(self) -> Any:
        bases = [rf"https?://{name}\.(.+)\.amazonaws\.com" for name in (OLD, NEW)]
        paths = {"{0}/$": ConnectionsResponse.dispatch}
        return SimpleNamespace(url_bases=bases, url_paths=paths)

    def connect(self, service: str, asked: dict[str, str], tags: list[dict[str, str]]) -> str:
        """API_CreateConnection.html: asked twice AWS makes two, and both wait for people."""
        place = f"{self.region_name}:{self.account_id}"
        arn = f"arn:{self.partition}:{service}:{place}:connection/{uuid4()}"
        self.connections[arn] = {
            "ConnectionName": asked["ConnectionName"],
            "ConnectionArn": arn,
            "ProviderType": asked.get("ProviderType") or "GitHubEnterpriseServer",
            "OwnerAccountId": self.account_id,
            "ConnectionStatus": "PENDING" if people.absent else "AVAILABLE",
            **({"HostArn": asked["HostArn"]} if asked.get("HostArn") else {}),
        }
        self.tagger.tag_resource(arn, tags)
        return arn

    def one(self, arn: str) -> dict[str, str]:
        """The connection of this ARN."""
        if arn not in self.connections:
            raise JsonRESTError("ResourceNotFoundException", f"Connection not found: {arn}")
        return self.connections[arn]

    def shake_hands(self, arn: str) -> None:
        """What people do in the console: connections-update.html of the user guide."""
        self.one(arn)["ConnectionStatus"] = "AVAILABLE"


class ConnectionsResponse(BaseResponse):
    """What the service answers, under either name."""

    def __init__(self) -> None:
        super().__init__(service_name=NEW)

    @property
    def backend(self) -> ConnectionsBackend:
        """The connections of the request's account and region."""
        return connections[self.current_account][self.region]

    def create_connection(self) -> ActionResult:
        """Either a provider that AWS knows, or a host that somebody has set up."""
        asked = {
            name: self._get_param(name) for name in ("ConnectionName", "ProviderType", "HostArn")
        }
        if bool(asked["ProviderType"]) == bool(asked["HostArn"]):
            raise JsonRESTError("ValidationException", "Specify either ProviderType or HostArn")
        if asked["ProviderType"] in HOSTED:
            raise JsonRESTError("ValidationException", f"{asked['ProviderType']} needs a HostArn")
        if len(asked["ConnectionName"]) > 32:
            raise JsonRESTError("ValidationException", "ConnectionName: 1-32 characters")
        target = self.headers.get("X-Amz-Target", "").lower()
        tags = self._get_param("Tags") or []
        arn = self.backend.connect(OLD if "codestar" in target else NEW, asked, tags)
        return ActionResult({"ConnectionArn": arn, "Tags": tags})

    def list_connections(self) -> ActionResult:
        """Those made under either name, a page at a time."""
        first = int(self._get_param("NextToken") or 0)
        last = first + (self._get_param("MaxResults") or PAGE)
        every = list(self.backend.connections.values())
        more = {"NextToken": str(last)} if last < len(every) else {}
        return ActionResult({"Connections": every[first:last], **more})

    def get_connection(self) -> ActionResult:
        """One of them."""
        return ActionResult({"Connection": self.backend.one(self._get_param("ConnectionArn"))})

    def delete_connection(self) -> EmptyResult:
        """Whether something uses it or not."""
        arn = self.backend.one(self._get_param("ConnectionArn"))["ConnectionArn"]
        del self.backend.connections[arn]
        self.backend.tagger.delete_all_tags_for_resource(arn)
        return EmptyResult()

    def list_tags_for_resource(self) -> ActionResult:
        """The tags of one of them."""
        return ActionResult(self.backend.tagger.list_tags_for_resource(self._tagged()))

    def tag_resource(self) -> EmptyResult:
        """Tags are added to those that there are."""
        self.backend.tagger.tag_resource(self._tagged(), self._get_param("Tags"))
        return EmptyResult()

    def untag_resource(self) -> EmptyResult:
        """Tags are taken away by name."""
        self.backend.tagger.untag_resource_using_names(self._tagged(), self._get_param("TagKeys"))
        return EmptyResult()

    def _tagged(self) -> str:
        return self.backend.one(self._get_param("ResourceArn"))["ConnectionArn"]


connections = BackendDict(ConnectionsBackend, OLD)
for name in (OLD, NEW):
    provides(name, connections)
