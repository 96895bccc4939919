"""The calls behind docs/strictness.md, by row: what AWS refuses, or what it shows.

Each takes what makes clients, and ends in the call that AWS answers otherwise than moto."""

import json

from moto.acm.models import CertBundle

from resources.lambda_ import text as packed
from tests.conftest import ACCOUNT, REGION

TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
WEB = {"name": "web", "image": "nginx:1", "memory": 64}
SIZED = {
    "family": "web",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "containerDefinitions": [WEB],
    "cpu": "512",
}
SERVICE = {"cluster": "main", "serviceName": "web", "taskDefinition": "web", "desiredCount": 1}
CLUSTER = {
    "DBClusterIdentifier": "orders",
    "Engine": "aurora-postgresql",
    "EngineVersion": "14.17",
    "MasterUsername": "admin",
    "ManageMasterUserPassword": True,
}
FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
CONTROL = {
    "Name": "media",
    "SigningProtocol": "sigv4",
    "SigningBehavior": "always",
    "OriginAccessControlOriginType": "s3",
}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
HERE = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
RECORD = {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
CNAME = {"Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "x.io"}]}


def registry():
    """The calls of a file by row, and what says of a function which row of the page it runs."""
    calls = {}

    def row(what):
        def register(call):
            assert what not in calls, what
            calls[what] = call
            return call

        return register

    return calls, row


CALLS, row = registry()


# What the calls stand on


def network(moto):
    return moto("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


def subnets(moto, vpc=None):
    """One in each of two zones."""
    ec2, vpc = moto("ec2"), vpc or network(moto)
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")
        for n, zone in enumerate("ab")
    ]
    return [each["Subnet"]["SubnetId"] for each in made]


def group(moto, vpc, name="web"):
    made = moto("ec2").create_security_group(GroupName=name, Description=name, VpcId=vpc)
    return made["GroupId"]


def balancer(moto, name="front", some=None, **more):
    asked = {"Name": name, "Subnets": some or subnets(moto), "Scheme": "internal", **more}
    return moto("elbv2").create_load_balancer(**asked)["LoadBalancers"][0]["LoadBalancerArn"]


def listen(moto, arn, action=FIXED, **more):
    asked = {"Protocol": "HTTP", "Port": 80, **more}
    moto("elbv2").create_listener(LoadBalancerArn=arn, DefaultActions=[action], **asked)


def targets(moto, **more):
    asked = {"Name": "web", "Port": 80, "Protocol": "HTTP", "TargetType": "ip", **more}
    made = moto("elbv2").create_target_group(VpcId=network(moto), **asked)
    return made["TargetGroups"][0]["TargetGroupArn"]


def gateway(moto, vpc):
    ec2 = moto("ec2")
    made = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=vpc)
    return made


def nat(moto, vpc, subnet):
    """A NAT gateway's address and internet gateway."""
    way, address = gateway(moto, vpc), moto("ec2").allocate_address(Domain="vpc")["AllocationId"]
    moto("ec2").create_nat_gateway(SubnetId=subnet, AllocationId=address)
    return address, way


def endpoint(moto, vpc, kind, **more):
    service = f"com.amazonaws.{REGION}.s3"
    moto("ec2").create_vpc_endpoint(VpcId=vpc, ServiceName=service, VpcEndpointType=kind, **more)


def role(moto, principal=None, name="runner"):
    statement = {**TRUST, **({"Principal": principal} if principal else {})}
    document = {"Version": "2012-10-17", "Statement": [{**statement, "Action": "sts:AssumeRole"}]}
    asked = {"RoleName": name, "AssumeRolePolicyDocument": json.dumps(document)}
    return moto("iam").create_role(**asked)["Role"]["Arn"]


def function(moto, **more):
    asked = {"Runtime": "nodejs22.x", "Handler": "index.handler", "Role": role(moto), **more}
    code = {"ZipFile": packed("exports.handler = 1", "nodejs22.x")}
    moto("lambda").create_function(FunctionName="it", Code=code, **asked)


def bucket(moto):
    moto("s3").create_bucket(Bucket="media", **HERE)
    return moto("s3")


def subnet_group(moto, some):
    about = {"DBSubnetGroupName": "private", "DBSubnetGroupDescription": "for databases"}
    return moto("rds").create_db_subnet_group(**about, SubnetIds=some)


def cluster(moto):
    """Where services run, and what they run."""
    ecs = moto("ecs")
    ecs.create_cluster(clusterName="main", tags=[{"key": "owner", "value": "muvi"}])
    ecs.register_task_definition(family="web", containerDefinitions=[WEB])
    return ecs


def distribution(moto, reference="one", aliases=(), origin=(), **more):
    certificate = {"ACMCertificateArn": CERTIFICATE, "SSLSupportMethod": "sni-only"}
    origin = {
        "Id": "bucket",
        "DomainName": "media.s3.eu-central-1.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
        **dict(origin),
    }
    config = {
        "CallerReference": reference,
        "Comment": "media",
        "Enabled": False,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "bucket",
            "ViewerProtocolPolicy": "https-only",
            "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        },
        "ViewerCertificate": certificate if aliases else {"CloudFrontDefaultCertificate": True},
        "Aliases": {"Quantity": len(aliases), "Items": list(aliases)},
        **more,
    }
    client = moto("cloudfront", "us-east-1")
    return client.create_distribution(DistributionConfig=config)["Distribution"]["Id"]


def deployed(moto, id):
    for _ in range(3):
        answer = moto("cloudfront", "us-east-1").get_distribution(Id=id)
    return answer["Distribution"]["DistributionConfig"], answer["ETag"]


def control(moto):
    client = moto("cloudfront", "us-east-1")
    made = client.create_origin_access_control(OriginAccessControlConfig=CONTROL)
    return made["OriginAccessControl"]["Id"], made["ETag"]


def zone(moto, name="example.com", reference="one"):
    made = moto("route53").create_hosted_zone(Name=name, CallerReference=reference)
    return made["HostedZone"]["Id"]


def write(moto, zone, name, record):
    change = {"Action": "CREATE", "ResourceRecordSet": {"Name": name, **record}}
    batch = {"ChangeBatch": {"Changes": [change]}}
    return moto("route53").change_resource_record_sets(HostedZoneId=zone, **batch)


# Load balancers


@row("a load balancer's name of 40 characters")
def _(moto):
    balancer(moto, "a" * 40)


@row("an application load balancer in one subnet")
def _(moto):
    balancer(moto, some=subnets(moto)[:1])


@row("a second load balancer of the same name")
def _(moto):
    some = subnets(moto)
    balancer(moto, some=some)
    gateway(moto, moto("ec2").describe_subnets(SubnetIds=some)["Subnets"][0]["VpcId"])
    balancer(moto, some=some, Scheme="internet-facing")


@row("two listeners on one port")
def _(moto):
    arn = balancer(moto)
    listen(moto, arn)
    listen(moto, arn)


@row("an HTTPS listener without a certificate")
def _(moto):
    listen(moto, balancer(moto), Protocol="HTTPS")


@row("gRPC behind a listener without TLS")
def _(moto):
    arn = targets(moto, ProtocolVersion="GRPC")
    listen(moto, balancer(moto), {"Type": "forward", "TargetGroupArn": arn})


@row("a protected load balancer is deleted")
def _(moto):
    arn, elb = balancer(moto), moto("elbv2")
    on = [{"Key": "deletion_protection.enabled", "Value": "true"}]
    elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=on)
    elb.delete_load_balancer(LoadBalancerArn=arn)


# Networks


@row("the group of a load balancer is deleted")
def _(moto):
    vpc = network(moto)
    web = group(moto, vpc)
    balancer(moto, some=subnets(moto, vpc), SecurityGroups=[web])
    moto("ec2").delete_security_group(GroupId=web)


@row("a group that another lets in is deleted")
def _(moto):
    vpc = network(moto)
    web, data = group(moto, vpc), group(moto, vpc, "data")
    pair = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "UserIdGroupPairs": [{"GroupId": web}]}
    moto("ec2").authorize_security_group_ingress(GroupId=data, IpPermissions=[pair])
    moto("ec2").delete_security_group(GroupId=web)


@row("the group of an interface is deleted")
def _(moto):
    vpc = network(moto)
    web = group(moto, vpc)
    moto("ec2").create_network_interface(SubnetId=subnets(moto, vpc)[0], Groups=[web])
    moto("ec2").delete_security_group(GroupId=web)


@row("the group of a database is deleted")
def _(moto):
    web = group(moto, network(moto))
    moto("rds").create_db_cluster(**CLUSTER, VpcSecurityGroupIds=[web])
    moto("ec2").delete_security_group(GroupId=web)


@row("the group of a function is deleted")
def _(moto):
    vpc = network(moto)
    web = group(moto, vpc)
    function(moto, VpcConfig={"SubnetIds": subnets(moto, vpc), "SecurityGroupIds": [web]})
    moto("ec2").delete_security_group(GroupId=web)


@row("a network's default group is deleted")
def _(moto):
    filters = [{"Name": "vpc-id", "Values": [network(moto)]}]
    (default,) = moto("ec2").describe_security_groups(Filters=filters)["SecurityGroups"]
    moto("ec2").delete_security_group(GroupId=default["GroupId"])


@row("the subnet of a load balancer is deleted")
def _(moto):
    some = subnets(moto)
    balancer(moto, some=some)
    moto("ec2").delete_subnet(SubnetId=some[0])


@row("the subnet of a NAT gateway is deleted")
def _(moto):
    vpc = network(moto)
    subnet = subnets(moto, vpc)[0]
    nat(moto, vpc, subnet)
    moto("ec2").delete_subnet(SubnetId=subnet)


@row("the subnet of an endpoint is deleted")
def _(moto):
    vpc = network(moto)
    some = subnets(moto, vpc)
    endpoint(moto, vpc, "Interface", SubnetIds=some)
    moto("ec2").delete_subnet(SubnetId=some[0])


@row("the subnet of an interface is deleted")
def _(moto):
    subnet = subnets(moto)[0]
    moto("ec2").create_network_interface(SubnetId=subnet)
    moto("ec2").delete_subnet(SubnetId=subnet)


@row("the address of a NAT gateway is released")
def _(moto):
    vpc = network(moto)
    address, _ = nat(moto, vpc, subnets(moto, vpc)[0])
    moto("ec2").release_address(AllocationId=address)


@row("the state of a new NAT gateway")
def _(moto):
    vpc = network(moto)
    nat(moto, vpc, subnets(moto, vpc)[0])
    return moto("ec2").describe_nat_gateways()["NatGateways"][0]["State"]


@row("the state of a new interface endpoint")
def _(moto):
    vpc = network(moto)
    endpoint(moto, vpc, "Interface", SubnetIds=subnets(moto, vpc))
    return moto("ec2").describe_vpc_endpoints()["VpcEndpoints"][0]["State"]


@row("a network with a group is deleted")
def _(moto):
    vpc = network(moto)
    group(moto, vpc)
    moto("ec2").delete_vpc(VpcId=vpc)


@row("a network with an internet gateway is deleted")
def _(moto):
    vpc = network(moto)
    gateway(moto, vpc)
    moto("ec2").delete_vpc(VpcId=vpc)


@row("a network with a gateway endpoint is deleted")
def _(moto):
    vpc = network(moto)
    endpoint(moto, vpc, "Gateway")
    moto("ec2").delete_vpc(VpcId=vpc)


@row("an internet gateway leaves a network with a NAT gateway")
def _(moto):
    vpc = network(moto)
    _, way = nat(moto, vpc, subnets(moto, vpc)[0])
    moto("ec2").detach_internet_gateway(InternetGatewayId=way, VpcId=vpc)


@row("a second internet gateway for one network")
def _(moto):
    vpc = network(moto)
    gateway(moto, vpc)
    gateway(moto, vpc)


@row("a network's main route table is deleted")
def _(moto):
    filters = [{"Name": "vpc-id", "Values": [network(moto)]}]
    (main,) = moto("ec2").describe_route_tables(Filters=filters)["RouteTables"]
    moto("ec2").delete_route_table(RouteTableId=main["RouteTableId"])


# Roles, buckets, functions, schedules


@row("a trust policy that names a role that there is not")
def _(moto):
    role(moto, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/nobody"})


@row("a trust policy without statements")
def _(moto):
    moto("iam").create_role(RoleName="it", AssumeRolePolicyDocument='{"Version": "2012-10-17"}')


@row("a bucket's name with capitals")
def _(moto):
    moto("s3").create_bucket(Bucket="Media_", **HERE)


@row("an ACL on a new bucket")
def _(moto):
    bucket(moto).put_bucket_acl(Bucket="media", ACL="private")


@row("a public policy on a new bucket")
def _(moto):
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    whole = {**statement, "Resource": "arn:aws:s3:::media/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [whole]})
    bucket(moto).put_bucket_policy(Bucket="media", Policy=policy)


@row("a bucket's policy without statements")
def _(moto):
    bucket(moto).put_bucket_policy(Bucket="media", Policy='{"Version": "2012-10-17"}')


@row("the encryption of a new bucket")
def _(moto):
    answer = bucket(moto).get_bucket_encryption(Bucket="media")
    (one,) = answer["ServerSideEncryptionConfiguration"]["Rules"]
    return one["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]


@row("the public access block of a new bucket")
def _(moto):
    answer = bucket(moto).get_public_access_block(Bucket="media")
    blocked = [*answer["PublicAccessBlockConfiguration"].values()]
    return "all four" if blocked == [True] * 4 else str(blocked)


@row("a runtime that AWS gives to nothing new")
def _(moto):
    function(moto, Runtime="nodejs12.x")


@row("the state of a new function")
def _(moto):
    function(moto)
    return moto("lambda").get_function(FunctionName="it")["Configuration"]["State"]


@row("a function's statement twice")
def _(moto):
    function(moto)
    moto("lambda").get_function(FunctionName="it")
    for _ in range(2):
        moto("lambda").add_permission(
            FunctionName="it",
            StatementId="rule",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
        )


@row("six targets of one rule")
def _(moto):
    events = moto("events")
    events.put_rule(Name="it", ScheduleExpression="rate(5 minutes)")
    queues = [{"Id": f"q{n}", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q{n}"} for n in range(6)]
    events.put_targets(Rule="it", Targets=queues)


@row("a cron expression that is none")
def _(moto):
    moto("events").put_rule(Name="it", ScheduleExpression="cron(0 3 * * * *)")


@row("logs kept for 45 days")
def _(moto):
    moto("logs").create_log_group(logGroupName="/web")
    moto("logs").put_retention_policy(logGroupName="/web", retentionInDays=45)


# Databases


@row("a subnet group in one zone")
def _(moto):
    subnet_group(moto, subnets(moto)[:1])


@row("a second subnet group of the same name")
def _(moto):
    some = subnets(moto)
    subnet_group(moto, some)
    subnet_group(moto, some)


@row("a subnet group in use is deleted")
def _(moto):
    subnet_group(moto, subnets(moto))
    moto("rds").create_db_cluster(**CLUSTER, DBSubnetGroupName="private")
    moto("rds").delete_db_subnet_group(DBSubnetGroupName="private")


@row("a version that AWS does not offer")
def _(moto):
    moto("rds").create_db_cluster(**{**CLUSTER, "EngineVersion": "14.99"})


@row("a class that AWS does not offer")
def _(moto):
    moto("rds").create_db_cluster(**CLUSTER)
    moto("rds").create_db_instance(
        DBInstanceIdentifier="orders-1",
        DBClusterIdentifier="orders",
        DBInstanceClass="db.r6g.medium",
        Engine="aurora-postgresql",
    )


@row("a second cluster of the same name")
def _(moto):
    moto("rds").create_db_cluster(**CLUSTER)
    # moto does refuse it, by a snapshot of its own making, but only within the same minute.
    try:
        moto("rds").create_db_cluster(**CLUSTER)
    except moto("rds").exceptions.DBClusterSnapshotAlreadyExistsFault:
        return None


@row("a cluster is deleted without a word about its data")
def _(moto):
    moto("rds").create_db_cluster(**CLUSTER)
    moto("rds").delete_db_cluster(DBClusterIdentifier="orders")


# Services


@row("a size that Fargate has not")
def _(moto):
    moto("ecs").register_task_definition(**SIZED, memory="512")


@row("a Fargate service without a network")
def _(moto):
    ecs = cluster(moto)
    ecs.register_task_definition(**SIZED, memory="1024")
    ecs.create_service(**SERVICE, launchType="FARGATE")


@row("a target group that no load balancer sends to")
def _(moto):
    entry = {"targetGroupArn": targets(moto), "containerName": "web", "containerPort": 80}
    cluster(moto).create_service(**SERVICE, loadBalancers=[entry])


@row("a service is created again with other settings")
def _(moto):
    ecs = cluster(moto)
    ecs.create_service(**SERVICE)
    ecs.create_service(**{**SERVICE, "desiredCount": 5})


@row("a cluster is created again")
def _(moto):
    cluster(moto).create_cluster(clusterName="main")
    (made,) = moto("ecs").describe_clusters(clusters=["main"], include=["TAGS"])["clusters"]
    return "its tags stay" if made.get("tags") else "its tags are gone"


@row("a cluster with services is deleted")
def _(moto):
    ecs = cluster(moto)
    ecs.create_service(**SERVICE)
    ecs.delete_cluster(cluster="main")


@row("bounds of scaling the wrong way round")
def _(moto):
    cluster(moto).create_service(**SERVICE)
    moto("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId="service/main/web",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=5,
        MaxCapacity=1,
    )


# Distributions, certificates and names


@row("two distributions with one alias")
def _(moto):
    distribution(moto, aliases=["media.example.com"])
    distribution(moto, "two", aliases=["media.example.com"])


@row("a distribution is written with a stale ETag")
def _(moto):
    document, etag = deployed(moto, id := distribution(moto))
    guard = {"Id": id, "IfMatch": f"{etag}X"}
    moto("cloudfront", "us-east-1").update_distribution(**guard, DistributionConfig=document)


@row("an enabled distribution is deleted")
def _(moto):
    _, etag = deployed(moto, id := distribution(moto, Enabled=True))
    moto("cloudfront", "us-east-1").delete_distribution(Id=id, IfMatch=etag)


@row("two origin access controls of one name")
def _(moto):
    control(moto)
    control(moto)


@row("an origin access control in use is deleted")
def _(moto):
    id, etag = control(moto)
    distribution(moto, origin={"OriginAccessControlId": id})
    moto("cloudfront", "us-east-1").delete_origin_access_control(Id=id, IfMatch=etag)


@row("a listener's certificate is deleted")
def _(moto):
    bundle, acm = CertBundle.generate_cert("example.com", ACCOUNT, REGION), moto("acm")
    made = acm.import_certificate(Certificate=bundle.cert, PrivateKey=bundle.key)
    arn = {"CertificateArn": made["CertificateArn"]}
    listen(moto, balancer(moto), Protocol="HTTPS", Port=443, Certificates=[arn])
    acm.delete_certificate(**arn)


@row("a CNAME at a zone's own name")
def _(moto):
    write(moto, zone(moto), "example.com", CNAME)


@row("a CNAME beside another record")
def _(moto):
    home = zone(moto)
    write(moto, home, "a.example.com", RECORD)
    write(moto, home, "a.example.com", CNAME)


@row("a record that exists is created")
def _(moto):
    home = zone(moto)
    write(moto, home, "a.example.com", RECORD)
    write(moto, home, "a.example.com", {**RECORD, "ResourceRecords": [{"Value": "192.0.2.2"}]})


@row("the state of a new record")
def _(moto):
    return write(moto, zone(moto), "a.example.com", RECORD)["ChangeInfo"]["Status"]


@row("the name of a wildcard record")
def _(moto):
    write(moto, home := zone(moto), "*.example.com", RECORD)
    every = moto("route53").list_resource_record_sets(HostedZoneId=home)["ResourceRecordSets"]
    return next(each["Name"] for each in every if each["Type"] == "A")


@row("a zone's caller reference twice")
def _(moto):
    zone(moto)
    zone(moto, "example.net")
