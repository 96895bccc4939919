"""§12: networks, subnets, endpoints, security groups; and one network in Ireland."""

from __future__ import annotations

from tests.prod_account.account import Account
from tests.prod_account.tables import MAIN, RECOVERY, fact, table

# Not said: any will do.
RECOVERY_CIDR, RECOVERY_SUBNETS = "10.231.0.0/16", ("10.231.1.0/24", "10.231.2.0/24")
DATADOG = "com.amazonaws.vpce.eu-central-1.vpce-svc-0123456789abcde{:02x}"


def fill(account: Account) -> None:
    ec2 = account("ec2")
    for row in table(12, "vpcs"):
        account.ids["vpc"][row["name"]] = _vpc(ec2, row["name"], row["cidr"])
    for row in table(12, "unmanaged"):
        if row["name"] != "Default VPC":  # AWS has made that one
            _vpc(ec2, row["name"].replace("*", "0a1b2c"), row["cidr"])
    _subnets(account)
    _way_out(account)
    for row in table(12, "security_groups"):
        made = ec2.create_security_group(
            GroupName=row["name"], Description=f"for {row['for']}", VpcId=_muvi(account)
        )
        account.ids["security group"][row["name"]] = made["GroupId"]
    _endpoints(account)
    _namespaces(account)
    _recovery(account)


def _muvi(account: Account) -> str:
    return account.ids["vpc"]["Muvi-VPC"]


def _vpc(ec2, name: str, cidr: str) -> str:
    vpc = ec2.create_vpc(CidrBlock=cidr, TagSpecifications=_named("vpc", name))["Vpc"]["VpcId"]
    for setting in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{setting: {"Value": True}})
    return vpc


def _named(kind: str, name: str) -> list:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def _subnets(account: Account) -> None:
    ec2 = account("ec2")
    for row in table(12, "subnets"):
        name = f"Muvi-{row['tier'].title()}-{row['zone'][-1]}"
        made = ec2.create_subnet(
            VpcId=_muvi(account),
            CidrBlock=row["cidr"],
            AvailabilityZone=row["zone"],
            TagSpecifications=_named("subnet", name),
        )
        subnet = made["Subnet"]["SubnetId"]
        account.ids["subnet"][row["cidr"]] = subnet
        account.ids[f"{row['tier']} subnet {MAIN}"][row["zone"]] = subnet


def _way_out(account: Account) -> None:
    ec2 = account("ec2")
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=_muvi(account))
    hops = {"public": {"GatewayId": gateway}, "private": None}
    for row in table(12, "nat_gateways"):
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        subnet = account.ids["subnet"][row["subnet"]]
        made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)
        hops["nat"] = {"NatGatewayId": made["NatGateway"]["NatGatewayId"]}
    for tier, hop in hops.items():
        made = ec2.create_route_table(
            VpcId=_muvi(account), TagSpecifications=_named("route-table", f"Muvi-{tier.title()}")
        )
        table_id = made["RouteTable"]["RouteTableId"]
        account.ids["route table"][tier] = table_id
        if hop:
            ec2.create_route(RouteTableId=table_id, DestinationCidrBlock="0.0.0.0/0", **hop)
        for subnet in account.subnets(tier):
            ec2.associate_route_table(RouteTableId=table_id, SubnetId=subnet)


def _endpoints(account: Account) -> None:
    for row in table(12, "endpoints"):
        _endpoint(account, row["service"], row["type"])
    discovered = fact(12, "discovered_endpoints")
    for number in range(discovered["count"]):
        _endpoint(account, DATADOG.format(number), discovered["type"])


def _endpoint(account: Account, service: str, kind: str) -> None:
    ways = {
        "Gateway": {"RouteTableIds": list(account.ids["route table"].values())},
        "Interface": {
            "SubnetIds": account.subnets("nat"),
            "SecurityGroupIds": [account.group("VPC-Endpoint-SG")],
        },
    }
    account("ec2").create_vpc_endpoint(
        VpcId=_muvi(account), ServiceName=service, VpcEndpointType=kind, **ways[kind]
    )


def _namespaces(account: Account) -> None:
    """Its zone comes with it."""
    cloud_map = account("servicediscovery")
    for row in table(12, "namespaces"):
        cloud_map.create_private_dns_namespace(Name=row["name"], Vpc=_muvi(account))
        while not (spaces := cloud_map.list_namespaces()["Namespaces"]):
            pass  # it is listed a moment later
        (space,) = (each["Id"] for each in spaces if each["Name"] == row["name"])
        for service in row["services"]:
            made = cloud_map.create_service(
                Name=service,
                NamespaceId=space,
                DnsConfig={"DnsRecords": [{"Type": "A", "TTL": 60}], "RoutingPolicy": "MULTIVALUE"},
            )
            account.ids["registry"][service] = made["Service"]["Arn"]


def _recovery(account: Account) -> None:
    """Where the balancers and services of Ireland stand."""
    ec2 = account("ec2", RECOVERY)
    vpc = _vpc(ec2, "Muvi-VPC", RECOVERY_CIDR)
    account.ids["vpc"][RECOVERY] = vpc
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    for zone, cidr in zip("ab", RECOVERY_SUBNETS, strict=True):
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=f"{RECOVERY}{zone}")
        account.ids[f"public subnet {RECOVERY}"][zone] = made["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="recovery", Description="recovery", VpcId=vpc)
    account.ids["security group"][RECOVERY] = group["GroupId"]
