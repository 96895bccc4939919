"""What reaches Cloud Map. Correction of moto: servicediscovery.py."""

import pytest

from reconciler.aws.ownership import marks
from reconciler.model import Action, Desired, Status
from reconciler.plan.find import index
from resources.servicediscovery.private_dns_namespace import PrivateDnsNamespace
from resources.servicediscovery.service import Service
from tests.conftest import ACCOUNT, REGION
from tests.handlers.steps import create, look, sent, update
from tests.living import actions, failures, loaded, run, written

TAGS = {"owner": "us"}
NAMESPACE = "servicediscovery.private_dns_namespace"
SERVICE = "servicediscovery.service"


@pytest.fixture
def vpc(aws):
    return aws.client("ec2", REGION).create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


@pytest.fixture
def namespaces(aws):
    return PrivateDnsNamespace(aws, REGION)


@pytest.fixture
def namespace(namespaces, vpc):
    made = create(namespaces, Desired({"Name": "internal", "Vpc": vpc}, TAGS, "run it"))
    while look(namespaces, made).status is Status.PENDING:
        pass
    return made


@pytest.fixture
def services(aws):
    return Service(aws, REGION)


def web(namespace, **more):
    records = {"DnsRecords": [{"Type": "A", "TTL": 60}]}
    return {"Name": "web", "NamespaceId": namespace, "DnsConfig": records, **more}


def test_it_is_pending_from_the_first_look_though_aws_does_not_list_it_yet(namespaces, vpc):
    desired = Desired({"Name": "internal", "Vpc": vpc}, TAGS, "run it")
    calls = sent(namespaces.client)
    made = create(namespaces, desired)
    (_, told), *_ = calls
    assert len(told["CreatorRequestId"]) == 64
    assert told["Tags"] == [{"Key": "owner", "Value": "us"}]
    first = look(namespaces, made)
    assert first.status is Status.PENDING
    assert first.reason
    assert "Name" not in first.properties
    while (last := look(namespaces, made)).status is Status.PENDING:
        pass
    assert last.status is Status.READY
    assert last["Vpc"] == vpc
    assert last.tags == TAGS


def test_an_operation_that_failed_says_why(aws, namespaces, vpc):
    zone = {"Name": "internal", "CallerReference": "1", "HostedZoneConfig": {"PrivateZone": True}}
    served = {"VPCRegion": REGION, "VPCId": vpc}
    aws.client("route53", REGION).create_hosted_zone(**zone, VPC=served)
    made = create(namespaces, Desired({"Name": "internal", "Vpc": vpc}, TAGS, "run it"))
    broken = look(namespaces, made)
    assert broken.status is Status.BROKEN
    assert "already associated with a hosted zone of internal" in broken.reason
    namespaces.delete(broken)
    assert look(namespaces, made) is None


def test_an_update_sends_what_differs_and_no_zone(namespaces, namespace, vpc):
    calls = sent(namespaces.client)
    wanted = {
        "Name": "internal",
        "Vpc": vpc,
        "Properties": {"DnsProperties": {"SOA": {"TTL": 5}}},
    }
    assert update(namespaces, namespace, wanted) == ()
    ((_, told),) = calls
    assert told["Namespace"] == {"Properties": {"DnsProperties": {"SOA": {"TTL": 5}}}}


def test_what_is_not_sent_to_a_service_again_aws_deletes(services, namespace):
    made = create(services, Desired(web(namespace), TAGS, "run it"))
    calls = sent(services.client)
    assert update(services, made, web(namespace, Description="all")) == ()
    ((_, told),) = calls
    records = {"DnsRecords": [{"Type": "A", "TTL": 60}]}
    assert told["Service"] == {"Description": "all", "DnsConfig": records}


def declared(folder, **types):
    environment = {"account": ACCOUNT, "region": REGION, "lists": "at_least"}
    return loaded(written(folder, environment, all=types))


def whole(ttl="60"):
    records = {"DnsRecords": [{"Type": "A", "TTL": ttl}]}
    return {
        "ec2.vpc": {"net": {"CidrBlock": "10.0.0.0/16"}},
        NAMESPACE: {"internal": {"Vpc": "${ec2.vpc/net.VpcId}"}},
        SERVICE: {
            "gateway": {"NamespaceId": f"${{{NAMESPACE}/internal.Id}}", "DnsConfig": records}
        },
    }


def only(*types):
    return tuple(sorted({"ec2.vpc", *types}))


def test_another_type_of_record_is_another_service(aws, tmp_path):
    kinds = only(NAMESPACE, SERVICE)
    run(declared(tmp_path, **whole()), aws, only=kinds)
    other = whole()
    other[SERVICE]["gateway"]["DnsConfig"]["DnsRecords"].append({"Type": "SRV", "TTL": "60"})
    _, planned = run(declared(tmp_path, **other), aws, only=kinds, dry=True)
    assert actions(planned) == {f"{SERVICE}/gateway": Action.REPLACE}
    _, planned = run(declared(tmp_path, **whole(ttl="5")), aws, only=kinds, dry=True)
    assert actions(planned) == {f"{SERVICE}/gateway": Action.UPDATE}


def test_the_zone_of_a_namespace_is_nobodys_to_delete(aws, tmp_path):
    kinds = only(NAMESPACE, SERVICE)
    _, result = run(declared(tmp_path, **whole()), aws, only=kinds)
    assert failures(result) == {}
    _, again = run(declared(tmp_path, **whole()), aws, only=kinds)
    assert actions(again) == {}
    zone = {"route53.hosted_zone": {"internal": {"VPCs": [served()]}}}
    _, refused = run(declared(tmp_path, **whole(), **zone), aws, only=(*kinds, *zone), dry=True)
    (said,) = [each.reason for each in refused.decisions if each.action is Action.UNKNOWN]
    assert "servicediscovery.amazonaws.com manages it" in said


def served():
    return {"VPCRegion": REGION, "VPCId": "${ec2.vpc/net.VpcId}"}


def test_two_namespaces_of_one_name_are_told_apart_by_their_network(aws, namespaces, namespace):
    other = aws.client("ec2", REGION).create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    create(namespaces, Desired({"Name": "internal", "Vpc": other}, TAGS, "run other"))
    namespaces.client.list_namespaces()
    namespaces.client.list_namespaces()
    found = index(NAMESPACE, namespaces, namespaces.listed(1e9), "test", dict)
    desired = Desired({"Name": "internal", "Vpc": other}, marks("test", f"{NAMESPACE}/it"))
    assert found.locate(desired, "", None).id != namespace


def test_instances_hold_a_service_until_who_registered_them_takes_them_out(
    aws, services, namespace
):
    made = create(services, Desired(web(namespace), TAGS, "run it"))
    cloud_map = aws.client("servicediscovery", REGION)
    address = {"AWS_INSTANCE_IPV4": "10.0.0.1"}
    cloud_map.register_instance(ServiceId=made, InstanceId="task", Attributes=address)
    assert update(services, made, web(namespace, Description="x")) == ()
    (instance,) = cloud_map.list_instances(ServiceId=made)["Instances"]
    assert instance["Id"] == "task"
