"""https://docs.aws.amazon.com/codeconnections/latest/APIReference/API_Connection.html"""

from __future__ import annotations

from collections.abc import Iterator, Set

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Desired, Found, Observed, Properties, Status, Tags, Wait

GONE = "ResourceNotFoundException"
FORMER = "codestar-connections"
# https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-update.html
ASKED = {
    "PENDING": "open {url}, choose Update pending connection, and let AWS into the organisation",
    "ERROR": "open {url}, and connect it anew: {provider} does not let AWS in any more",
}


class Connection(Handler):
    """A connection to where code is kept, which a person there must agree to.

    What was made under the service's former name keeps its ARN, and whoever uses it that ARN."""

    key = ("ConnectionName",)
    naming = "ConnectionName"
    unique = False
    immutable = {"ConnectionName", "HostArn", "ProviderType"}
    outputs = {"ConnectionArn"}
    tagging = Tagging(id="ResourceArn", tags="Tags", erased="TagKeys")
    repeatable = False
    absent_from = {"me-central-1"}

    def listed(self, since: float = 0) -> Iterator[Found]:
        former = self.aws.client(FORMER, self.home)
        seen = set()
        # No page says whether the service shows by one name what was made under the other.
        for client in (self.client, former):
            every = self.aws.listings.ask(client, "list_connections", since, "", {})
            for each in every:
                arn = each["ConnectionArn"]
                if (unique := arn.rpartition("/")[2]) not in seen:
                    seen.add(unique)
                    yield Found(arn, each, arn=arn)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing(GONE):
            tags, connection = self._tags(found), found.properties
            if connection["ConnectionStatus"] == "AVAILABLE":
                return Observed(found.id, connection, tags)
            why = f"{connection['ProviderType']} does not let AWS in"
            waits = (self._wait(connection),)
            return Observed(found.id, connection, tags, Status.WAITING, why, waits)
        return None

    def create(self, desired: Desired) -> str:
        tags = self.tagging.to_aws(desired.tags)
        answer = self.client.create_connection(**desired.properties, Tags=tags)
        return str(answer["ConnectionArn"])

    def delete(self, observed: Observed) -> None:
        with missing(GONE):
            self.client.delete_connection(ConnectionArn=observed.id)

    def _tags(self, found: Found) -> Tags:
        if found.tags is not None:
            return found.tags
        answer = self.client.list_tags_for_resource(ResourceArn=found.id)
        return self.tagging.from_aws(answer["Tags"])

    def _wait(self, connection: Properties) -> Wait:
        service, region, account, name = connection["ConnectionArn"].split(":", 5)[2:]
        settings = f"https://{region}.console.aws.amazon.com/codesuite/settings"
        url = f"{settings}/{account}/{region}/{service}/{name.replace('/', 's/')}"
        provider = connection["ProviderType"]
        what = ASKED[connection["ConnectionStatus"]].format(url=url, provider=provider)
        return Wait(f"an owner of the {provider} organisation", what)
