"""https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.handler import SET, Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties

CLIENTS = "ClientIDList"
ID = "OpenIDConnectProviderArn"
THUMBPRINTS = "ThumbprintList"
SECURE = "https://"


class OpenIDConnectProvider(Handler):
    """Somebody who vouches for identities, such as GitHub's workflows, and whom roles may trust."""

    key = ("Url",)
    naming = "Url"
    immutable = {"Url"}
    lists = {CLIENTS: SET, THUMBPRINTS: SET}
    outputs = {"Arn"}
    tagging = Tagging(
        "tag_open_id_connect_provider",
        "untag_open_id_connect_provider",
        id=ID,
        tags="Tags",
        erased="TagKeys",
    )
    region = "us-east-1"

    def listed(self, since: float = 0) -> Iterator[Found]:
        for provider in self.listing("list_open_id_connect_providers", since):
            arn = provider["Arn"]
            # AWS lists ARNs only, which hold all of the URL but how it begins.
            yield Found(arn, {**provider, "Url": arn.partition("/")[2]}, arn=arn)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        if found.tags is not None and not mentioned & {CLIENTS, THUMBPRINTS}:
            return Observed(found.id, found.properties, found.tags)
        with missing("NoSuchEntity"):
            told = self.client.get_open_id_connect_provider(**{ID: found.id})
            whole = {**found.properties, **{name: told.get(name) for name in self.lists}}
            return Observed(found.id, whole, self.tagging.from_aws(told.get("Tags")))
        return None

    def create(self, desired: Desired) -> str:
        whole = {**desired.properties, "Url": SECURE + desired["Url"]}
        tags = self.tagging.to_aws(desired.tags)
        return str(self.client.create_open_id_connect_provider(**whole, Tags=tags)[ID])

    def update(self, change: Change) -> None:
        which, clients = {ID: change.observed.id}, change.items(CLIENTS)
        for client in clients.added:
            self.client.add_client_id_to_open_id_connect_provider(**which, ClientID=client)
        if change.touches(THUMBPRINTS):
            whole = change.wanted.get(THUMBPRINTS) or []
            self.client.update_open_id_connect_provider_thumbprint(**which, ThumbprintList=whole)
        for client in clients.removed:
            self.client.remove_client_id_from_open_id_connect_provider(**which, ClientID=client)

    def delete(self, observed: Observed) -> None:
        with missing("NoSuchEntity"):
            self.client.delete_open_id_connect_provider(**{ID: observed.id})

    def spelled(self, desired: Properties) -> Properties:
        """AWS wants the URL with https:// and answers it without."""
        url = desired.get("Url")
        return {**desired, "Url": url.removeprefix(SECURE)} if isinstance(url, str) else desired
