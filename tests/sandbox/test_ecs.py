"""ECS as its API reference describes it. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/"""

import pytest

WEB = {"name": "web", "image": "nginx:1", "memory": 64}
FARGATE = {
    "family": "web",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "cpu": "256",
    "memory": "512",
    "containerDefinitions": [WEB],
}
SERVICE = {"cluster": "main", "serviceName": "web", "taskDefinition": "web", "desiredCount": 2}


@pytest.fixture
def ecs(moto):
    client = moto("ecs")
    client.create_cluster(clusterName="main", tags=[{"key": "owner", "value": "muvi"}])
    client.register_task_definition(family="web", containerDefinitions=[WEB])
    return client


@pytest.fixture
def subnet(moto):
    ec2 = moto("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]


def look(ecs):
    (service,) = ecs.describe_services(cluster="main", services=["web"])["services"]
    return service


def deployments(service):
    return [
        (each["status"], each["rolloutState"], each["taskDefinition"].rpartition("/")[2])
        for each in service["deployments"]
    ]


def test_creating_an_existing_cluster_answers_with_it(ecs):
    ecs.create_cluster(clusterName="main")
    (cluster,) = ecs.describe_clusters(clusters=["main"], include=["TAGS"])["clusters"]
    assert cluster["tags"] == [{"key": "owner", "value": "muvi"}]


def test_a_cluster_with_services_is_not_deleted(ecs):
    ecs.create_service(**SERVICE)
    with pytest.raises(ecs.exceptions.ClusterContainsServicesException):
        ecs.delete_cluster(cluster="main")


def test_a_family_stands_for_its_newest_active_revision(ecs):
    ecs.register_task_definition(family="web", containerDefinitions=[WEB])
    ecs.deregister_task_definition(taskDefinition="web:2")
    described = ecs.describe_task_definition(taskDefinition="web")["taskDefinition"]
    assert described["revision"] == 1


def test_a_revision_that_is_no_number_is_a_mistake_of_the_client(ecs):
    with pytest.raises(ecs.exceptions.ClientException):
        ecs.describe_task_definition(taskDefinition="web:one")


@pytest.mark.parametrize(
    ("cpu", "memory"), [("512", "512"), ("300", "1024"), ("8192", "17408"), ("32768", "65536")]
)
def test_fargate_comes_in_certain_sizes(ecs, cpu, memory):
    with pytest.raises(ecs.exceptions.ClientException):
        ecs.register_task_definition(**{**FARGATE, "cpu": cpu, "memory": memory})


def test_fargate_wants_the_network_mode_awsvpc(ecs):
    without = {name: value for name, value in FARGATE.items() if name != "networkMode"}
    with pytest.raises(ecs.exceptions.ClientException):
        ecs.register_task_definition(**without)


def test_a_container_comes_back_with_the_defaults_of_aws(ecs):
    web = {"name": "web", "image": "nginx:1", "portMappings": [{"containerPort": 80}]}
    answer = ecs.register_task_definition(**{**FARGATE, "containerDefinitions": [web]})
    (container,) = answer["taskDefinition"]["containerDefinitions"]
    assert container == {
        "name": "web",
        "image": "nginx:1",
        "cpu": 0,
        "essential": True,
        "environment": [],
        "mountPoints": [],
        "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}],
        "systemControls": [],
        "volumesFrom": [],
    }


def test_fault_injection_is_remembered(ecs):
    ecs.register_task_definition(**FARGATE, enableFaultInjection=True)
    described = ecs.describe_task_definition(taskDefinition="web")["taskDefinition"]
    assert described["enableFaultInjection"] is True


def test_a_service_keeps_what_it_was_created_with(ecs):
    settings = {
        "availabilityZoneRebalancing": "DISABLED",
        "enableECSManagedTags": True,
        "enableExecuteCommand": True,
        "healthCheckGracePeriodSeconds": 60,
        "placementStrategy": [{"type": "spread", "field": "host"}],
    }
    ecs.create_service(**SERVICE, **settings, deploymentConfiguration={"maximumPercent": 150})
    service = look(ecs)
    assert {name: service.get(name) for name in settings} == settings
    assert service["deploymentConfiguration"]["maximumPercent"] == 150
    assert service["deploymentConfiguration"]["minimumHealthyPercent"] == 100


def test_a_service_connects_as_its_primary_deployment_says(ecs):
    ecs.create_service(**SERVICE, serviceConnectConfiguration={"enabled": False})
    assert look(ecs)["deployments"][0]["serviceConnectConfiguration"] == {"enabled": False}


def test_an_existing_service_is_created_again_only_as_it_was(ecs):
    first = ecs.create_service(**SERVICE, clientToken="one")["service"]
    again = ecs.create_service(**SERVICE, clientToken="two")["service"]
    assert again["deployments"][0]["id"] == first["deployments"][0]["id"]
    with pytest.raises(ecs.exceptions.InvalidParameterException):
        ecs.create_service(**{**SERVICE, "desiredCount": 5})


def test_tasks_with_addresses_want_a_network(ecs):
    ecs.register_task_definition(**FARGATE)
    with pytest.raises(ecs.exceptions.InvalidParameterException):
        ecs.create_service(**SERVICE, launchType="FARGATE")


def test_a_network_needs_no_group_and_no_word_about_public_addresses(ecs, subnet):
    ecs.register_task_definition(**FARGATE)
    network = {"awsvpcConfiguration": {"subnets": [subnet]}}
    ecs.create_service(**SERVICE, launchType="FARGATE", networkConfiguration=network)
    placed = look(ecs)["networkConfiguration"]["awsvpcConfiguration"]
    assert placed["assignPublicIp"] == "DISABLED"


def test_a_target_group_without_a_listener_is_refused(ecs, moto):
    ec2, elb = moto("ec2"), moto("elbv2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = elb.create_target_group(
        Name="web", Port=80, Protocol="HTTP", VpcId=vpc, TargetType="ip"
    )
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    balanced = [{"targetGroupArn": arn, "containerName": "web", "containerPort": 80}]
    with pytest.raises(ecs.exceptions.InvalidParameterException, match="associated load balancer"):
        ecs.create_service(**SERVICE, loadBalancers=balanced)


def test_a_deployment_is_under_way_and_then_done(ecs):
    ecs.create_service(**SERVICE)
    assert deployments(look(ecs)) == [("PRIMARY", "IN_PROGRESS", "web:1")]
    done = look(ecs)
    assert deployments(done) == [("PRIMARY", "COMPLETED", "web:1")]
    assert (done["runningCount"], done["pendingCount"]) == (2, 0)
    assert "has reached a steady state" in done["events"][0]["message"]


def test_another_revision_is_deployed_beside_the_one_that_runs(ecs):
    ecs.create_service(**SERVICE)
    look(ecs), look(ecs)
    ecs.register_task_definition(family="web", containerDefinitions=[WEB])
    ecs.update_service(cluster="main", service="web", taskDefinition="web:2")
    rolling = look(ecs)
    assert rolling["taskDefinition"].endswith(":task-definition/web:2")
    assert deployments(rolling) == [
        ("PRIMARY", "IN_PROGRESS", "web:2"),
        ("ACTIVE", "COMPLETED", "web:1"),
    ]
    assert deployments(look(ecs)) == [("PRIMARY", "COMPLETED", "web:2")]


def test_an_update_that_changes_no_task_begins_no_deployment(ecs):
    ecs.create_service(**SERVICE)
    look(ecs), look(ecs)
    before = look(ecs)["deployments"][0]
    ecs.update_service(cluster="main", service="web", taskDefinition="web:1", desiredCount=3)
    after = look(ecs)
    assert (after["desiredCount"], after["deployments"][0]["id"]) == (3, before["id"])
    assert deployments(after) == [("PRIMARY", "COMPLETED", "web:1")]


def test_a_deleted_service_is_described_but_not_listed(ecs):
    ecs.create_service(**SERVICE)
    ecs.delete_service(cluster="main", service="web", force=True)
    assert look(ecs)["status"] == "INACTIVE"
    assert ecs.list_services(cluster="main")["serviceArns"] == []


def test_a_deleted_service_is_not_updated(ecs):
    ecs.create_service(**SERVICE)
    ecs.delete_service(cluster="main", service="web", force=True)
    with pytest.raises(ecs.exceptions.ServiceNotActiveException):
        ecs.update_service(cluster="main", service="web", desiredCount=1)
