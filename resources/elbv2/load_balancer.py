"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import SET, Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Status
from resources.elbv2 import TAGGING, attributes, tagged

STATUS = {"provisioning": Status.PENDING, "failed": Status.BROKEN}
PROTECTED = {"Key": "deletion_protection.enabled", "Value": "true"}


class LoadBalancer(Handler):
    """An application or network load balancer. Its attributes are read only if mentioned."""

    key = ("Name",)
    naming = "Name"
    immutable = {"Name", "Scheme", "Type"}
    lists = {"Subnets": SET, "SecurityGroups": SET, "Attributes": ("Key",)}
    additive = {"Attributes"}  # every attribute exists always, with AWS's default
    reads = {"Name": "LoadBalancerName", "Subnets": "AvailabilityZones[].SubnetId"}
    outputs = {
        "LoadBalancerArn",
        "LoadBalancerFullName",
        "DNSName",
        "CanonicalHostedZoneId",
        "VpcId",
    }
    tagging = TAGGING
    overwrites = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        balancers = self.listing("describe_load_balancers", since)
        tags = tagged(self, since, [each["LoadBalancerArn"] for each in balancers])
        for each in balancers:
            arn = each["LoadBalancerArn"]
            # The name by which CloudWatch and scaling policies know it.
            named = {**each, "LoadBalancerFullName": arn.partition("loadbalancer/")[2]}
            yield Found(arn, named, tags.get(arn, {}))

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("LoadBalancerNotFound"):
            state = found.properties["State"]
            status = STATUS.get(state["Code"], Status.READY)
            read = {"Attributes": self._attributes(found.id)} if "Attributes" in mentioned else {}
            properties = {**found.properties, **read}
            reason = state.get("Reason", "")
            return Observed(found.id, properties, found.tags or {}, status, reason)
        return None

    def create(self, desired: Desired) -> str:
        born = self.accepted("create_load_balancer", desired.properties)
        tags = TAGGING.to_aws(desired.tags)
        answer = self.client.create_load_balancer(**born, Tags=tags)
        return str(answer["LoadBalancers"][0]["LoadBalancerArn"])

    def update(self, change: Change) -> None:
        arn, wanted = change.observed.id, change.wanted
        if new := attributes(change):
            self.client.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=new)
        if change.touches("SecurityGroups"):
            groups = wanted.get("SecurityGroups", [])
            self.client.set_security_groups(LoadBalancerArn=arn, SecurityGroups=groups)
        if change.touches("Subnets"):
            self.client.set_subnets(LoadBalancerArn=arn, Subnets=wanted["Subnets"])
        if change.touches("IpAddressType"):
            kind = wanted["IpAddressType"]
            self.client.set_ip_address_type(LoadBalancerArn=arn, IpAddressType=kind)

    def delete(self, observed: Observed) -> None:
        with missing("LoadBalancerNotFound"):
            if PROTECTED in self._attributes(observed.id):
                # AWS refuses to delete what is protected. Whether we may has been decided.
                off = [{**PROTECTED, "Value": "false"}]
                arn = observed.id
                self.client.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=off)
            self.client.delete_load_balancer(LoadBalancerArn=observed.id)

    def _attributes(self, arn: str) -> list[Any]:
        answer = self.client.describe_load_balancer_attributes(LoadBalancerArn=arn)
        return list(answer["Attributes"])
