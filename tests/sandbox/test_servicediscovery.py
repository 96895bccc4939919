"""Cloud Map as its API reference describes it; plain moto does otherwise."""

import pytest
from botocore.exceptions import ClientError

RECORDS = {"DnsRecords": [{"Type": "A", "TTL": 60}]}
SERVED = {"VPCRegion": "eu-central-1"}


@pytest.fixture
def cloud_map(moto):
    return moto("servicediscovery")


@pytest.fixture
def route53(moto):
    return moto("route53")


@pytest.fixture
def vpc(moto):
    return moto("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


@pytest.fixture
def namespace(cloud_map, vpc):
    return made(cloud_map, Name="internal", Vpc=vpc)


def made(cloud_map, **asked):
    operation = cloud_map.create_private_dns_namespace(**asked)["OperationId"]
    ended(cloud_map, operation)
    return target(cloud_map, operation)


def target(cloud_map, operation):
    return cloud_map.get_operation(OperationId=operation)["Operation"]["Targets"]["NAMESPACE"]


def ended(cloud_map, operation):
    for _ in range(3):
        answer = cloud_map.get_operation(OperationId=operation)["Operation"]
    return answer


def service(cloud_map, namespace, **asked):
    given = {"Name": "web", "NamespaceId": namespace, "DnsConfig": RECORDS, **asked}
    return cloud_map.create_service(**given)["Service"]


def refusal(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"]


# https://docs.aws.amazon.com/cloud-map/latest/api/API_GetOperation.html
def test_a_namespace_takes_a_while_and_is_listed_then(cloud_map, vpc):
    begun = cloud_map.create_private_dns_namespace(Name="internal", Vpc=vpc)["OperationId"]
    assert cloud_map.list_namespaces()["Namespaces"] == []
    assert ended(cloud_map, begun)["Status"] == "SUCCESS"
    assert [each["Name"] for each in cloud_map.list_namespaces()["Namespaces"]] == ["internal"]


def test_its_zone_has_its_name_and_its_network_and_is_cloud_maps(namespace, route53, vpc):
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    assert zone["Name"].rstrip(".") == "internal"
    assert zone["LinkedService"]["ServicePrincipal"] == "servicediscovery.amazonaws.com"
    assert route53.get_hosted_zone(Id=zone["Id"])["VPCs"] == [{**SERVED, "VPCId": vpc}]
    assert refusal(route53.delete_hosted_zone, Id=zone["Id"]) == "AccessDenied"
    assert refusal(route53.update_hosted_zone_comment, Id=zone["Id"], Comment="x") == "AccessDenied"


def test_a_network_has_several_but_one_of_each_name(cloud_map, namespace, vpc):
    assert made(cloud_map, Name="other", Vpc=vpc) != namespace
    asked = {"Name": "internal", "Vpc": vpc}
    assert refusal(cloud_map.create_private_dns_namespace, **asked) == "NamespaceAlreadyExists"


# https://docs.aws.amazon.com/cloud-map/latest/dg/creating-namespaces.html
def test_a_zone_of_that_name_in_that_network_fails_the_operation(cloud_map, route53, vpc):
    route53.create_hosted_zone(
        Name="internal",
        CallerReference="one",
        HostedZoneConfig={"PrivateZone": True},
        VPC={**SERVED, "VPCId": vpc},
    )
    asked = {"Name": "internal", "Vpc": vpc}
    operation = cloud_map.create_private_dns_namespace(**asked)["OperationId"]
    answer = ended(cloud_map, operation)
    assert answer["Status"] == "FAIL"
    assert "already associated with a hosted zone of internal" in answer["ErrorMessage"]
    assert cloud_map.list_namespaces()["Namespaces"] == []
    assert len(route53.list_hosted_zones()["HostedZones"]) == 1


# https://docs.aws.amazon.com/cloud-map/latest/api/API_UpdatePrivateDnsNamespace.html
def test_the_zone_stays_when_the_soa_changes(cloud_map, namespace):
    change = {"Properties": {"DnsProperties": {"SOA": {"TTL": 5}}}}
    cloud_map.update_private_dns_namespace(Id=namespace, Namespace=change)
    shown = cloud_map.get_namespace(Id=namespace)["Namespace"]["Properties"]["DnsProperties"]
    assert shown["SOA"] == {"TTL": 5}
    assert shown["HostedZoneId"]


# https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteNamespace.html
def test_a_namespace_with_services_stays_and_takes_its_zone_along(cloud_map, namespace, route53):
    one = service(cloud_map, namespace)
    assert refusal(cloud_map.delete_namespace, Id=namespace) == "ResourceInUse"
    cloud_map.delete_service(Id=one["Id"])
    operation = cloud_map.delete_namespace(Id=namespace)["OperationId"]
    assert ended(cloud_map, operation)["Status"] == "SUCCESS"
    assert route53.list_hosted_zones()["HostedZones"] == []


# https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html
def test_a_service_is_in_a_namespace_and_made_once(cloud_map, namespace):
    service(cloud_map, namespace)
    asked = {"Name": "web", "NamespaceId": namespace, "DnsConfig": RECORDS}
    assert refusal(cloud_map.create_service, **asked) == "ServiceAlreadyExists"
    asked["NamespaceId"] = "ns-none"
    assert refusal(cloud_map.create_service, **asked) == "NamespaceNotFound"


def test_a_service_has_records_or_is_found_by_calls(cloud_map, namespace):
    asked = {"Name": "web", "NamespaceId": namespace}
    assert refusal(cloud_map.create_service, **asked) == "InvalidInput"
    both = {**asked, "Type": "HTTP", "DnsConfig": RECORDS}
    assert refusal(cloud_map.create_service, **both) == "InvalidInput"
    assert cloud_map.create_service(**asked, Type="HTTP")["Service"]["Type"] == "HTTP"


def test_route_53_checks_no_health_inside_a_network(cloud_map, namespace):
    asked = {"Name": "web", "NamespaceId": namespace, "DnsConfig": RECORDS}
    check = {"HealthCheckConfig": {"Type": "HTTP"}}
    assert refusal(cloud_map.create_service, **asked, **check) == "InvalidInput"


def test_what_was_left_open_has_the_defaults_of_aws(cloud_map, namespace):
    made = service(cloud_map, namespace, HealthCheckCustomConfig={})
    assert made["Type"] == "DNS_HTTP"
    assert made["DnsConfig"]["RoutingPolicy"] == "MULTIVALUE"
    assert made["HealthCheckCustomConfig"] == {"FailureThreshold": 1}


# https://docs.aws.amazon.com/cloud-map/latest/api/API_ServiceSummary.html
def test_services_are_listed_by_namespace_which_the_list_does_not_show(cloud_map, namespace, vpc):
    one = service(cloud_map, namespace)
    service(cloud_map, made(cloud_map, Name="other", Vpc=vpc))
    only = [{"Name": "NAMESPACE_ID", "Values": [namespace], "Condition": "EQ"}]
    (shown,) = cloud_map.list_services(Filters=only)["Services"]
    assert shown["Id"] == one["Id"]
    assert shown["InstanceCount"] == 0
    assert "NamespaceId" not in shown


# https://docs.aws.amazon.com/cloud-map/latest/api/API_UpdateService.html
def test_of_records_only_the_ttl_changes(cloud_map, namespace):
    one = service(cloud_map, namespace)["Id"]
    other = {"DnsConfig": {"DnsRecords": [{"Type": "SRV", "TTL": 60}]}}
    assert refusal(cloud_map.update_service, Id=one, Service=other) == "InvalidInput"
    change = {"DnsConfig": {"DnsRecords": [{"Type": "A", "TTL": 5}]}}
    cloud_map.update_service(Id=one, Service=change)
    config = cloud_map.get_service(Id=one)["Service"]["DnsConfig"]
    assert config == {"RoutingPolicy": "MULTIVALUE", **change["DnsConfig"]}


# https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteService.html
def test_a_service_with_instances_stays(cloud_map, namespace):
    one = {"Id": service(cloud_map, namespace)["Id"]}
    instance = {"ServiceId": one["Id"], "InstanceId": "task"}
    cloud_map.register_instance(**instance, Attributes={"AWS_INSTANCE_IPV4": "10.0.0.1"})
    assert refusal(cloud_map.delete_service, **one) == "ResourceInUse"
    cloud_map.deregister_instance(**instance)
    cloud_map.delete_service(**one)
    assert refusal(cloud_map.delete_service, **one) == "ServiceNotFound"
