"""EC2's corrections, each from AWS's page."""

import json

import pytest
from botocore.exceptions import ClientError

from resources.lambda_ import text as packed

PAIR = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}


@pytest.fixture
def ec2(moto):
    return moto("ec2")


@pytest.fixture
def vpc(ec2):
    return ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


@pytest.fixture
def subnet(ec2, vpc):
    return new_subnet(ec2, vpc)["SubnetId"]


@pytest.fixture
def gateway(ec2, vpc):
    name = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=name, VpcId=vpc)
    return name


@pytest.fixture
def nat(ec2, gateway, subnet):
    address = ec2.allocate_address()["AllocationId"]
    request = {"SubnetId": subnet, "AllocationId": address, "ClientToken": "nat"}
    return ec2.create_nat_gateway(**request)["NatGateway"]


@pytest.fixture
def groups(ec2, vpc):
    """Two groups of one network."""
    return [
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        for name in ("one", "other")
    ]


@pytest.fixture
def tables(ec2, vpc):
    """Two route tables of one network."""
    made = [ec2.create_route_table(VpcId=vpc)["RouteTable"] for _ in range(2)]
    return [table["RouteTableId"] for table in made]


def new_subnet(ec2, vpc, cidr="10.0.1.0/24", **more):
    more = more or {"AvailabilityZone": "eu-central-1a"}
    return ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, **more)["Subnet"]


def endpoint(ec2, vpc, **more):
    service = "com.amazonaws.eu-central-1.s3"
    return ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, **more)["VpcEndpoint"]


def balance(ec2, moto, vpc, subnet, **more):
    other = new_subnet(ec2, vpc, "10.0.9.0/24", AvailabilityZone="eu-central-1b")["SubnetId"]
    moto("elbv2").create_load_balancer(Name="web", Subnets=[subnet, other], **more)


def refused(code, call, **parameters):
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return caught.value.response["Error"]["Code"] == code


def rules(ec2, group, egress=False):
    filters = [{"Name": "group-id", "Values": [group]}]
    answer = ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    return [rule for rule in answer if rule["IsEgress"] is egress]


def routes(ec2, table):
    """The destinations of a table's routes."""
    (answer,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    return [
        route.get("DestinationPrefixListId") or route["DestinationCidrBlock"]
        for route in answer["Routes"]
    ]


# Networks and subnets


def test_bits_behind_a_networks_mask_are_cleared(ec2):
    assert ec2.create_vpc(CidrBlock="10.0.1.5/16")["Vpc"]["CidrBlock"] == "10.0.0.0/16"


def test_bits_behind_a_subnets_mask_are_cleared(ec2, vpc):
    assert new_subnet(ec2, vpc, "10.0.1.5/24")["CidrBlock"] == "10.0.1.0/24"


def test_a_subnet_in_a_zone_given_by_id_is_not_public(ec2, vpc):
    subnet = new_subnet(ec2, vpc, AvailabilityZoneId="euc1-az2")
    assert subnet["MapPublicIpOnLaunch"] is False
    assert subnet["AvailabilityZone"] == "eu-central-1b"


def test_what_host_names_are_made_of_is_readable(ec2, subnet):
    ec2.modify_subnet_attribute(SubnetId=subnet, PrivateDnsHostnameTypeOnLaunch="resource-name")
    (seen,) = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"]
    assert seen["PrivateDnsNameOptionsOnLaunch"]["HostnameType"] == "resource-name"


def test_two_attributes_of_a_subnet_are_refused_in_one_call(ec2, subnet):
    two = {
        "MapPublicIpOnLaunch": {"Value": True},
        "EnableResourceNameDnsARecordOnLaunch": {"Value": True},
    }
    modify = ec2.modify_subnet_attribute
    assert refused("InvalidParameterCombination", modify, SubnetId=subnet, **two)


def test_a_network_with_an_internet_gateway_is_not_deleted(ec2, vpc, gateway):
    assert refused("DependencyViolation", ec2.delete_vpc, VpcId=vpc)


def test_a_network_with_a_group_is_not_deleted(ec2, vpc, groups):
    assert refused("DependencyViolation", ec2.delete_vpc, VpcId=vpc)


def test_a_network_with_an_endpoint_is_not_deleted(ec2, vpc):
    endpoint(ec2, vpc, VpcEndpointType="Gateway")
    assert refused("DependencyViolation", ec2.delete_vpc, VpcId=vpc)


def test_a_subnet_of_a_nat_gateway_is_not_deleted(ec2, subnet, nat):
    assert refused("DependencyViolation", ec2.delete_subnet, SubnetId=subnet)


def test_a_subnet_of_a_load_balancer_is_not_deleted(ec2, moto, vpc, subnet):
    balance(ec2, moto, vpc, subnet, Scheme="internal")
    assert refused("DependencyViolation", ec2.delete_subnet, SubnetId=subnet)


def test_a_subnets_association_goes_with_it(ec2, subnet, tables):
    ec2.associate_route_table(RouteTableId=tables[0], SubnetId=subnet)
    ec2.delete_subnet(SubnetId=subnet)
    (table,) = ec2.describe_route_tables(RouteTableIds=tables[:1])["RouteTables"]
    assert table["Associations"] == []


# Gateways and addresses


def test_a_network_takes_one_internet_gateway(ec2, vpc, gateway):
    second = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    attach = ec2.attach_internet_gateway
    assert refused("InvalidParameterValue", attach, InternetGatewayId=second, VpcId=vpc)


def test_an_internet_gateway_stays_while_addresses_are_mapped(ec2, vpc, gateway, nat):
    detach = ec2.detach_internet_gateway
    assert refused("DependencyViolation", detach, InternetGatewayId=gateway, VpcId=vpc)


def test_an_internet_gateway_stays_while_a_load_balancer_faces_the_internet(
    ec2, moto, vpc, gateway, subnet
):
    balance(ec2, moto, vpc, subnet, Scheme="internet-facing")
    detach = ec2.detach_internet_gateway
    assert refused("DependencyViolation", detach, InternetGatewayId=gateway, VpcId=vpc)


def test_an_addresss_pool_and_border_group_are_readable(ec2):
    ec2.allocate_address(PublicIpv4Pool="ipv4pool-ec2-0a1b2c3d")
    (address,) = ec2.describe_addresses()["Addresses"]
    assert address["PublicIpv4Pool"] == "ipv4pool-ec2-0a1b2c3d"
    assert address["NetworkBorderGroup"] == "eu-central-1"


def test_an_address_held_by_a_nat_gateway_is_not_released(ec2, nat):
    held = nat["NatGatewayAddresses"][0]["AllocationId"]
    assert refused("InvalidIPAddress.InUse", ec2.release_address, AllocationId=held)


def test_a_nat_gateway_is_pending_at_first(ec2, nat):
    seen = [ec2.describe_nat_gateways()["NatGateways"][0]["State"] for _ in range(2)]
    assert seen == ["pending", "available"]


def test_a_nat_gateway_fails_in_a_network_without_internet_gateway(ec2, vpc, subnet):
    address = ec2.allocate_address()["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)
    (seen,) = ec2.describe_nat_gateways()["NatGateways"]
    assert seen["State"] == "failed"
    assert seen["FailureCode"] == "Gateway.NotAttached"
    assert seen["FailureMessage"] == f"Network {vpc} has no Internet gateway attached"
    ec2.release_address(AllocationId=address)


def test_a_nat_gateway_reads_back_what_was_asked_for(ec2, subnet):
    asked = {"ConnectivityType": "private", "PrivateIpAddress": "10.0.1.9"}
    ec2.create_nat_gateway(SubnetId=subnet, **asked)
    (seen,) = ec2.describe_nat_gateways()["NatGateways"]
    (address,) = seen["NatGatewayAddresses"]
    assert (address["PrivateIp"], address["IsPrimary"]) == ("10.0.1.9", True)


def test_a_nat_gateway_is_public_unless_told_otherwise(ec2, nat):
    (seen,) = ec2.describe_nat_gateways()["NatGateways"]
    assert seen["ConnectivityType"] == "public"


def test_a_nat_gateway_is_deleting_before_it_lets_go_of_its_address(ec2, subnet, nat):
    held = nat["NatGatewayAddresses"][0]["AllocationId"]
    ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    assert refused("InvalidIPAddress.InUse", ec2.release_address, AllocationId=held)
    seen = [ec2.describe_nat_gateways()["NatGateways"][0]["State"] for _ in range(2)]
    assert seen == ["deleting", "deleted"]
    ec2.release_address(AllocationId=held)
    ec2.delete_subnet(SubnetId=subnet)


def test_an_unknown_nat_gateway_is_not_deleted(ec2):
    unknown = "nat-0123456789abcdef0"
    assert refused("NatGatewayNotFound", ec2.delete_nat_gateway, NatGatewayId=unknown)


# Client tokens


def test_a_token_makes_one_nat_gateway(ec2, subnet, nat):
    held = nat["NatGatewayAddresses"][0]["AllocationId"]
    ec2.describe_nat_gateways()
    again = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=held, ClientToken="nat")
    assert again["NatGateway"]["NatGatewayId"] == nat["NatGatewayId"]
    (seen,) = ec2.describe_nat_gateways()["NatGateways"]
    assert seen["State"] == "available"


def test_a_token_makes_one_route_table(ec2, vpc):
    made = [ec2.create_route_table(VpcId=vpc, ClientToken="one") for _ in range(2)]
    assert len({table["RouteTable"]["RouteTableId"] for table in made}) == 1


def test_a_token_makes_one_endpoint(ec2, vpc):
    made = [endpoint(ec2, vpc, VpcEndpointType="Gateway", ClientToken="one") for _ in range(2)]
    assert len({each["VpcEndpointId"] for each in made}) == 1


def test_a_token_is_not_for_something_else(ec2, vpc):
    other = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    create = ec2.create_route_table
    create(VpcId=vpc, ClientToken="one")
    assert refused("IdempotentParameterMismatch", create, VpcId=other, ClientToken="one")


# Route tables


def test_a_subnet_that_has_a_table_is_not_associated_with_another(ec2, subnet, tables):
    ec2.associate_route_table(RouteTableId=tables[0], SubnetId=subnet)
    other = {"RouteTableId": tables[1], "SubnetId": subnet}
    assert refused("Resource.AlreadyAssociated", ec2.associate_route_table, **other)


def test_a_main_route_table_is_not_deleted(ec2, vpc):
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    (main,) = ec2.describe_route_tables(Filters=filters)["RouteTables"]
    table = main["RouteTableId"]
    assert refused("DependencyViolation", ec2.delete_route_table, RouteTableId=table)


def test_bits_behind_a_destinations_mask_are_cleared(ec2, tables, gateway):
    route = {"DestinationCidrBlock": "100.68.0.18/18", "GatewayId": gateway}
    ec2.create_route(RouteTableId=tables[0], **route)
    assert "100.68.0.0/18" in routes(ec2, tables[0])


def test_an_ipv6_destination_has_one_route(ec2, tables, gateway):
    route = {"RouteTableId": tables[0], "DestinationIpv6CidrBlock": "::/0", "GatewayId": gateway}
    ec2.create_route(**route)
    assert refused("RouteAlreadyExists", ec2.create_route, **route)


# Security groups


def test_the_description_of_a_pair_is_readable(ec2, groups):
    pair = {"GroupId": groups[1], "Description": "the other"}
    permissions = [{**PAIR, "UserIdGroupPairs": [pair]}]
    ec2.authorize_security_group_ingress(GroupId=groups[0], IpPermissions=permissions)
    assert [rule["Description"] for rule in rules(ec2, groups[0])] == ["the other"]


def test_the_description_of_a_prefix_list_is_readable(ec2, groups):
    prefixes = [{"PrefixListId": "pl-0123456789abcdef0", "Description": "CloudFront"}]
    permissions = [{**PAIR, "PrefixListIds": prefixes}]
    ec2.authorize_security_group_egress(GroupId=groups[0], IpPermissions=permissions)
    seen = rules(ec2, groups[0], egress=True)
    assert [rule.get("Description") for rule in seen] == [None, "CloudFront"]


@pytest.mark.parametrize("way", ["ingress", "egress"])
def test_the_description_of_a_pair_can_be_changed(ec2, groups, way):
    write = getattr(ec2, f"authorize_security_group_{way}")
    describe = getattr(ec2, f"update_security_group_rule_descriptions_{way}")
    for call, text in ((write, "before"), (describe, "after")):
        pair = {"GroupId": groups[1], "Description": text}
        call(GroupId=groups[0], IpPermissions=[{**PAIR, "UserIdGroupPairs": [pair]}])
    seen = rules(ec2, groups[0], way == "egress")
    assert [rule["Description"] for rule in seen if rule["IpProtocol"] == "tcp"] == ["after"]
    grouped = ec2.describe_security_groups(GroupIds=groups[:1])["SecurityGroups"][0]
    permissions = grouped["IpPermissions" if way == "ingress" else "IpPermissionsEgress"]
    (permission,) = [each for each in permissions if each["IpProtocol"] == "tcp"]
    assert permission["UserIdGroupPairs"][0]["Description"] == "after"


def test_a_description_that_is_left_out_is_taken_away(ec2, groups):
    ranges = [{"CidrIp": "10.0.0.0/8", "Description": "before"}]
    permissions = [{**PAIR, "IpRanges": ranges}]
    ec2.authorize_security_group_ingress(GroupId=groups[0], IpPermissions=permissions)
    bare = [{**PAIR, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
    describe = ec2.update_security_group_rule_descriptions_ingress
    describe(GroupId=groups[0], IpPermissions=bare)
    assert [rule.get("Description") for rule in rules(ec2, groups[0])] == [None]


def test_a_rule_that_is_not_there_has_no_description(ec2, groups):
    describe = ec2.update_security_group_rule_descriptions_ingress
    permissions = [{**PAIR, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "none"}]}]
    asked = {"GroupId": groups[0], "IpPermissions": permissions}
    assert refused("InvalidPermission.NotFound", describe, **asked)


def test_a_pair_with_another_description_is_a_duplicate(ec2, groups):
    authorize = ec2.authorize_security_group_ingress
    first, second = (
        [{**PAIR, "UserIdGroupPairs": [{"GroupId": groups[1], "Description": text}]}]
        for text in ("one", "other")
    )
    authorize(GroupId=groups[0], IpPermissions=first)
    asked = {"GroupId": groups[0], "IpPermissions": second}
    assert refused("InvalidPermission.Duplicate", authorize, **asked)


def test_bits_behind_a_rules_mask_are_cleared(ec2, groups):
    permissions = [{**PAIR, "IpRanges": [{"CidrIp": "10.1.2.3/24"}]}]
    ec2.authorize_security_group_ingress(GroupId=groups[0], IpPermissions=permissions)
    assert [rule["CidrIpv4"] for rule in rules(ec2, groups[0])] == ["10.1.2.0/24"]


def test_a_group_that_another_lets_in_is_not_deleted(ec2, groups):
    permissions = [{**PAIR, "UserIdGroupPairs": [{"GroupId": groups[1]}]}]
    ec2.authorize_security_group_ingress(GroupId=groups[0], IpPermissions=permissions)
    assert refused("DependencyViolation", ec2.delete_security_group, GroupId=groups[1])


def test_a_group_of_a_load_balancer_is_not_deleted(ec2, moto, vpc, groups, subnet):
    balance(ec2, moto, vpc, subnet, Scheme="internal", SecurityGroups=groups[:1])
    assert refused("DependencyViolation", ec2.delete_security_group, GroupId=groups[0])


def test_a_group_of_an_interface_is_not_deleted(ec2, groups, subnet):
    ec2.create_network_interface(SubnetId=subnet, Groups=groups[:1])
    assert refused("DependencyViolation", ec2.delete_security_group, GroupId=groups[0])


def test_a_group_of_an_endpoint_is_not_deleted(ec2, vpc, groups, subnet):
    used = {"SubnetIds": [subnet], "SecurityGroupIds": groups[:1]}
    endpoint(ec2, vpc, VpcEndpointType="Interface", **used)
    assert refused("DependencyViolation", ec2.delete_security_group, GroupId=groups[0])


def test_a_group_of_a_database_is_not_deleted(ec2, moto, groups):
    moto("rds").create_db_cluster(
        DBClusterIdentifier="orders",
        Engine="aurora-postgresql",
        MasterUsername="admin",
        ManageMasterUserPassword=True,
        VpcSecurityGroupIds=groups[:1],
    )
    assert refused("DependencyViolation", ec2.delete_security_group, GroupId=groups[0])


def test_a_group_of_a_function_is_not_deleted(ec2, moto, groups, subnet):
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = moto("iam").create_role(RoleName="runner", AssumeRolePolicyDocument=trust)["Role"]
    moto("lambda").create_function(
        FunctionName="sync",
        Runtime="nodejs22.x",
        Handler="index.handler",
        Role=role["Arn"],
        Code={"ZipFile": packed("exports.handler = 1", "nodejs22.x")},
        VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": groups[:1]},
    )
    assert refused("DependencyViolation", ec2.delete_security_group, GroupId=groups[0])


def test_a_networks_default_group_is_not_deleted(ec2, vpc):
    names = {"vpc-id": vpc, "group-name": "default"}
    filters = [{"Name": name, "Values": [value]} for name, value in names.items()]
    (group,) = ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    assert refused("CannotDelete", ec2.delete_security_group, GroupId=group["GroupId"])


# Endpoints


def test_an_endpoint_without_type_is_a_gateway(ec2, vpc):
    made = endpoint(ec2, vpc)
    assert (made["VpcEndpointType"], made["PrivateDnsEnabled"]) == ("Gateway", False)


def test_an_interface_endpoint_is_pending_at_first(ec2, vpc, subnet):
    endpoint(ec2, vpc, VpcEndpointType="Interface", SubnetIds=[subnet])
    seen = [ec2.describe_vpc_endpoints()["VpcEndpoints"][0]["State"] for _ in range(2)]
    assert seen == ["pending", "available"]


def test_an_interface_endpoint_gets_the_default_group(ec2, vpc, subnet):
    made = endpoint(ec2, vpc, VpcEndpointType="Interface", SubnetIds=[subnet])
    assert [group["GroupName"] for group in made["Groups"]] == ["default"]


@pytest.mark.parametrize("later", [False, True])
def test_an_endpoint_reads_back_what_was_written(ec2, vpc, subnet, later):
    written = {
        "PrivateDnsEnabled": False,
        "IpAddressType": "dualstack",
        "DnsOptions": {"DnsRecordIpType": "ipv4"},
    }
    first = {} if later else written
    made = endpoint(ec2, vpc, VpcEndpointType="Interface", SubnetIds=[subnet], **first)
    if later:
        ec2.modify_vpc_endpoint(VpcEndpointId=made["VpcEndpointId"], **written)
    (seen,) = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    assert {name: seen.get(name) for name in written} == written


def test_an_endpoints_policy_can_be_reset(ec2, vpc):
    policy = '{"Statement": []}'
    made = endpoint(ec2, vpc, VpcEndpointType="Gateway", PolicyDocument=policy)
    ec2.modify_vpc_endpoint(VpcEndpointId=made["VpcEndpointId"], ResetPolicy=True)
    (seen,) = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    assert seen["PolicyDocument"] != policy


def test_an_endpoints_routes_move_with_its_tables(ec2, vpc, tables):
    made = endpoint(ec2, vpc, VpcEndpointType="Gateway", RouteTableIds=tables[:1])
    moved = {"AddRouteTableIds": tables[1:], "RemoveRouteTableIds": tables[:1]}
    ec2.modify_vpc_endpoint(VpcEndpointId=made["VpcEndpointId"], **moved)
    assert [len(routes(ec2, table)) for table in tables] == [1, 2]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])
    assert [len(routes(ec2, table)) for table in tables] == [1, 1]


def test_an_endpoints_interfaces_move_with_its_subnets(ec2, vpc, subnet):
    other = new_subnet(ec2, vpc, "10.0.2.0/24")["SubnetId"]
    made = endpoint(ec2, vpc, VpcEndpointType="Interface", SubnetIds=[subnet])
    moved = {"AddSubnetIds": [other], "RemoveSubnetIds": [subnet]}
    ec2.modify_vpc_endpoint(VpcEndpointId=made["VpcEndpointId"], **moved)
    (seen,) = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    names = seen["NetworkInterfaceIds"]
    enis = ec2.describe_network_interfaces(NetworkInterfaceIds=names)["NetworkInterfaces"]
    assert [eni["SubnetId"] for eni in enis] == [other]


def test_a_second_endpoint_has_no_room_in_a_route_table(ec2, vpc, tables):
    endpoint(ec2, vpc, VpcEndpointType="Gateway", RouteTableIds=tables)
    asked = {"VpcEndpointType": "Gateway", "RouteTableIds": tables}
    assert refused("RouteAlreadyExists", endpoint, ec2=ec2, vpc=vpc, **asked)


def test_an_interface_endpoint_is_deleting_before_it_is_deleted(ec2, vpc, subnet):
    made = endpoint(ec2, vpc, VpcEndpointType="Interface", SubnetIds=[subnet])
    ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])
    seen = [ec2.describe_vpc_endpoints()["VpcEndpoints"][0]["State"] for _ in range(2)]
    assert seen == ["deleting", "deleted"]


def test_an_unknown_endpoint_is_told_with_success(ec2):
    answer = ec2.delete_vpc_endpoints(VpcEndpointIds=["vpce-0123456789abcdef0"])
    (failure,) = answer["Unsuccessful"]
    assert failure["Error"]["Code"] == "InvalidVpcEndpoint.NotFound"
