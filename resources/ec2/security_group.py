"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroup.html"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.aws.ownership import ADDRESS, ENVIRONMENT
from reconciler.errors import NotSettled
from reconciler.handler import SET, Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties
from resources.ec2 import TAGGING, cleared, specification

PEERS = {  # how describe names a rule's peer -> how the writing calls want it
    "CidrIpv4": ("IpRanges", "CidrIp"),
    "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "PrefixListId": ("PrefixListIds", "PrefixListId"),
    "ReferencedGroupInfo": ("UserIdGroupPairs", "GroupId"),
}
PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}
WITH_PORTS = {"tcp", "udp", "icmp", "icmpv6"}
PORTS = ("FromPort", "ToPort")
WAYS = ("ingress", "egress")


class SecurityGroup(Handler):
    """A security group and its rules, which may let in other groups, and these it."""

    key = ("GroupName", "VpcId")
    naming = "GroupName"
    immutable = {"GroupName", "VpcId", "Description"}
    deferred = {"ingress", "egress"}
    lists = {"ingress": SET, "egress": SET}
    by_default = "GroupName == 'default'"
    outputs = {"GroupId"}
    tagging = TAGGING
    settles_within = 2700  # interfaces of deleted functions hold a group for up to 40 minutes

    def listed(self, since: float = 0) -> Iterator[Found]:
        rules = defaultdict(list)
        for rule in self.listing("describe_security_group_rules", since):
            rules[rule["GroupId"], rule["IsEgress"]].append(rule)
        for group in self.listing("describe_security_groups", since):
            name = group["GroupId"]
            properties = {**group, "ingress": rules[name, False], "egress": rules[name, True]}
            yield Found(name, properties, TAGGING.from_aws(group.get("Tags")))

    def create(self, desired: Desired) -> str:
        if desired["GroupName"] == "default":
            return self._given(desired)
        tags = specification("security-group", desired.tags)
        return str(self.client.create_security_group(**desired.properties, **tags)["GroupId"])

    def update(self, change: Change) -> None:
        ec2 = self.client
        authorize = ec2.authorize_security_group_ingress
        describe = ec2.update_security_group_rule_descriptions_ingress
        revoke = ec2.revoke_security_group_ingress
        self._write(change, "ingress", authorize, describe, revoke)
        authorize = ec2.authorize_security_group_egress
        describe = ec2.update_security_group_rule_descriptions_egress
        revoke = ec2.revoke_security_group_egress
        self._write(change, "egress", authorize, describe, revoke)

    def delete(self, observed: Observed) -> None:
        if observed["GroupName"] == "default":
            # It goes with its network and no sooner: all we can do is not to own it.
            kept = observed.tags.keys() - {ADDRESS, ENVIRONMENT}
            return self.tag(observed, {name: observed.tags[name] for name in kept})
        with missing("InvalidGroup.NotFound"):
            self.client.delete_security_group(GroupId=observed.id)

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties, with rules as AWS keeps them."""
        lists = {way: desired[way] for way in WAYS if isinstance(desired.get(way), list)}
        return {**desired, **{way: list(map(_spelled, rules)) for way, rules in lists.items()}}

    def _given(self, desired: Desired) -> str:
        """The group that AWS makes with every network; it refuses another of that name."""
        names = {"vpc-id": desired["VpcId"], "group-name": "default"}
        filters = [{"Name": name, "Values": [value]} for name, value in names.items()]
        for group in self.client.describe_security_groups(Filters=filters)["SecurityGroups"]:
            tags = TAGGING.to_aws(desired.tags)
            self.client.create_tags(Resources=[group["GroupId"]], Tags=tags)
            return str(group["GroupId"])
        raise NotSettled(f"AWS does not show the default group of {desired['VpcId']} yet")

    def _write(self, change: Change, way: str, authorize: Any, describe: Any, revoke: Any) -> None:
        group, rules = {"GroupId": change.observed.id}, change.items(way)
        before = {_identity(rule) for rule in change.observed.properties.get(way) or ()}
        added = {_identity(rule): _permission(rule) for rule in rules.added}
        # Authorize before revoking: replacing a rule must not interrupt traffic.
        if new := [rule for who, rule in added.items() if who not in before]:
            authorize(**group, IpPermissions=new)
        # To AWS a rule with another description is the same rule, and a duplicate.
        if known := [rule for who, rule in added.items() if who in before]:
            describe(**group, IpPermissions=known)
        gone = [rule for rule in rules.removed if _identity(rule) not in added]
        if gone:
            revoke(**group, SecurityGroupRuleIds=[rule["SecurityGroupRuleId"] for rule in gone])


def _spelled(rule: Any) -> Any:
    """A desired rule in AWS's spelling. Only some protocols have ports."""
    if not isinstance(rule, Mapping) or "IpProtocol" not in rule:
        return rule
    protocol = PROTOCOLS.get(rule["IpProtocol"], rule["IpProtocol"])
    kept = rule if protocol in WITH_PORTS else {n: rule[n] for n in rule if n not in PORTS}
    return {**cleared(kept, "CidrIpv4", "CidrIpv6"), "IpProtocol": protocol}


def _identity(rule: Properties) -> tuple[Any, ...]:
    """What tells two rules apart in the eyes of AWS: everything but the description."""
    kind = _kind(rule)
    peer = rule[kind]["GroupId"] if kind == "ReferencedGroupInfo" else rule[kind]
    return kind, peer, rule["IpProtocol"], *_ports(rule).values()


def _permission(rule: Properties) -> dict[str, Any]:
    """A rule as describe shows it -> as the writing calls take it."""
    kind = _kind(rule)
    ranges, name = PEERS[kind]
    peer = {name: rule[kind]}
    if kind == "ReferencedGroupInfo":  # UserId: of another account
        peer = {each: rule[kind][each] for each in ("GroupId", "UserId") if each in rule[kind]}
    if rule.get("Description"):  # left out, it is taken away
        peer["Description"] = rule["Description"]
    return {"IpProtocol": rule["IpProtocol"], **_ports(rule), ranges: [peer]}


def _kind(rule: Properties) -> str:
    return next(kind for kind in PEERS if rule.get(kind))


def _ports(rule: Properties) -> dict[str, int]:
    """-1 is all types of ICMP."""
    if rule["IpProtocol"] not in WITH_PORTS:
        return {}
    return {name: rule.get(name, -1) for name in PORTS}
