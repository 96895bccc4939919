"""https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZone.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from hashlib import sha256
from typing import Any

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Tags
from resources.route53 import name, short_id

KIND = {"ResourceType": "hostedzone"}
TAGGING = Tagging(
    "change_tags_for_resource",
    "change_tags_for_resource",
    id="ResourceId",
    tags="AddTags",
    erased="RemoveTagKeys",
    more=KIND,
)


class HostedZone(Handler):
    """A zone: private to its VPCs, or public. AWS lets several have one name, so the VPCs count."""

    key = ("Name", "VPCs[].VPCId")
    other_keys = (("Name", "HostedZoneConfig.PrivateZone || `false`"),)
    naming = "Name"
    unique = False
    immutable = {"Name", "HostedZoneConfig.PrivateZone"}
    lists = {"VPCs": ("VPCId",)}
    reads = {"HostedZoneConfig": "Config", "NameServers": "DelegationSet.NameServers"}
    outputs = {"Id", "NameServers"}
    tagging = TAGGING
    region = "us-east-1"
    holds_data = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        zones = self.listing("list_hosted_zones", since)
        tags = self._tags(since, [short_id(zone["Id"]) for zone in zones])
        for zone in zones:
            # Cloud Map and others keep zones here that only they may change.
            manager = zone.get("LinkedService", {}).get("ServicePrincipal", "")
            known = {**_known(zone), **self._vpcs(zone, since)}
            yield Found(known["Id"], known, tags.get(known["Id"], {}), managed_by=manager)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        if "VPCs" in found.properties:  # a private zone: they were all that the listing lacked
            return Observed(found.id, found.properties, found.tags or {})
        with missing("NoSuchHostedZone"):
            answer = self.client.get_hosted_zone(Id=found.id)
            more = {each: answer[each] for each in ("DelegationSet", "VPCs") if each in answer}
            return Observed(found.id, {**_known(answer["HostedZone"]), **more}, found.tags or {})
        return None

    def create(self, desired: Desired) -> str:
        born = self.accepted("create_hosted_zone", desired.properties)
        if vpcs := desired.properties.get("VPCs"):
            # Only one goes with the create: the others are `update`'s.
            born["VPC"] = vpcs[0]
            born["HostedZoneConfig"] = {**born.get("HostedZoneConfig", {}), "PrivateZone": True}
        reference = sha256(desired.intent.encode()).hexdigest()
        answer = self.client.create_hosted_zone(CallerReference=reference, **born)
        zone = short_id(answer["HostedZone"]["Id"])
        tags = TAGGING.to_aws(desired.tags)  # which the create call does not take
        self.client.change_tags_for_resource(ResourceId=zone, AddTags=tags, **KIND)
        return zone

    def update(self, change: Change) -> None:
        zone, vpcs = change.observed.id, change.items("VPCs")
        if change.touches("HostedZoneConfig"):
            comment = change.wanted.get("HostedZoneConfig", {}).get("Comment")
            said = {"Comment": comment} if comment else {}
            self.client.update_hosted_zone_comment(Id=zone, **said)
        # First the new ones: AWS does not let go of a zone's last VPC.
        for vpc in vpcs.added:
            self.client.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=vpc)
        for vpc in vpcs.removed:
            self.client.disassociate_vpc_from_hosted_zone(HostedZoneId=zone, VPC=vpc)

    def delete(self, observed: Observed) -> None:
        # AWS refuses while records remain. That is what we want.
        with missing("NoSuchHostedZone"):
            self.client.delete_hosted_zone(Id=observed.id)

    def _vpcs(self, zone: Properties, since: float) -> dict[str, Any]:
        """The VPCs of a private zone, which tell it from others of its name."""
        with missing("NoSuchHostedZone"):
            if zone["Config"]["PrivateZone"]:
                id_ = short_id(zone["Id"])  # as Cloud Map's namespaces ask, so that one call does
                return {"VPCs": self.listing("get_hosted_zone", since, "VPCs", Id=id_)}
        return {}

    def _tags(self, since: float, ids: list[str]) -> dict[str, Tags]:
        sets = self.batched("list_tags_for_resources", since, 10, {"ResourceIds": ids}, **KIND)
        return {each["ResourceId"]: TAGGING.from_aws(each["Tags"]) for each in sets}


def _known(zone: Properties) -> dict[str, Any]:
    return {**zone, "Id": short_id(zone["Id"]), "Name": name(zone["Name"])}
