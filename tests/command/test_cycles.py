"""The four cycles of the estate, each built in one run, left alone by the next, torn down."""

from __future__ import annotations

import pytest

from tests.command.running import RUNS

GROUPS = """
ec2.vpc: {net: {CidrBlock: 10.0.0.0/16}}
ec2.security_group:
  $defaults: {VpcId: '${ec2.vpc/net.VpcId}', egress: []}
  one:
    Description: one
    ingress:
      - IpProtocol: tcp
        FromPort: 80
        ToPort: 80
        ReferencedGroupInfo: {GroupId: '${ec2.security_group/two.GroupId}'}
  two:
    Description: two
    ingress:
      - IpProtocol: tcp
        FromPort: 80
        ToPort: 80
        ReferencedGroupInfo: {GroupId: '${ec2.security_group/one.GroupId}'}
"""
BUCKET = """
s3.bucket:
  muvi-cycle-media:
    Policy:
      Version: '2012-10-17'
      Statement:
        - Effect: Allow
          Principal: {Service: cloudfront.amazonaws.com}
          Action: s3:GetObject
          Resource: ${s3.bucket/muvi-cycle-media.BucketArn}/*
          Condition:
            StringEquals: {'AWS:SourceArn': '${cloudfront.distribution/media.example.ARN}'}
cloudfront.distribution:
  media.example:
    Comment: ''
    Enabled: true
    Origins:
      Items:
        - Id: media
          DomainName: ${s3.bucket/muvi-cycle-media.RegionalDomainName}
          S3OriginConfig: {OriginAccessIdentity: ''}
    DefaultCacheBehavior:
      TargetOriginId: media
      ViewerProtocolPolicy: https-only
      CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
"""
FUNCTION = (
    RUNS
    + """lambda.function:
  sync:
    Runtime: nodejs22.x
    Handler: index.handler
    Role: ${iam.role/runs.Arn}
    $initial: {Code: {Folder: code}}
    Permissions:
      - StatementId: schedule
        Action: lambda:InvokeFunction
        Principal: events.amazonaws.com
        SourceArn: ${events.rule/hourly.Arn}
events.rule:
  hourly:
    ScheduleExpression: rate(1 hour)
    Targets: [{Id: function, Arn: '${lambda.function/sync.FunctionArn}'}]
"""
)
CERTIFICATE = """
route53.hosted_zone: {muvi.test: {}}
acm.certificate: {www.muvi.test: {}}
route53.record_sets:
  proof:
    HostedZoneId: ${route53.hosted_zone/muvi.test.Id}
    ResourceRecordSets:
      - Name: ${acm.certificate/www.muvi.test.DomainValidationOptions[0].ResourceRecord.Name}
        Type: CNAME
        TTL: 300
        ResourceRecords:
          - Value: ${acm.certificate/www.muvi.test.DomainValidationOptions[0].ResourceRecord.Value}
elbv2.load_balancer:
  user: {Subnets: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/b.SubnetId}']}
elbv2.listener:
  user:
    LoadBalancerArn: ${elbv2.load_balancer/user.LoadBalancerArn}
    Port: 443
    Protocol: HTTPS
    SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06
    Certificates: [{CertificateArn: '${acm.certificate/www.muvi.test.CertificateArn}'}]
    DefaultActions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: '404'}}]
ec2.vpc: {net: {CidrBlock: 10.0.0.0/16}}
ec2.internet_gateway: {net: {VpcId: '${ec2.vpc/net.VpcId}'}}
ec2.subnet:
  $defaults: {VpcId: '${ec2.vpc/net.VpcId}'}
  a: {CidrBlock: 10.0.1.0/24, AvailabilityZone: '${env.zones[0]}'}
  b: {CidrBlock: 10.0.2.0/24, AvailabilityZone: '${env.zones[1]}'}
"""
CYCLES = {
    "two groups that let each other in": (
        GROUPS,
        ["CreateVpc", "CreateSecurityGroup", "AuthorizeSecurityGroupIngress"],
        ["RevokeSecurityGroupIngress", "DeleteSecurityGroup", "DeleteVpc"],
    ),
    "a bucket whose policy names the distribution that reads it": (
        BUCKET,
        ["CreateBucket", "CreateDistributionWithTags", "PutBucketPolicy"],
        ["UpdateDistribution", "DeleteDistribution", "DeleteBucket"],
    ),
    "a function that lets the rule call it that calls it": (
        FUNCTION,
        ["CreateRole", "CreateFunction", "AddPermission"],
        ["RemoveTargets", "DeleteFunction", "DeleteRole"],
    ),
    "a certificate that waits for the record that proves it": (
        CERTIFICATE,
        ["RequestCertificate", "ChangeResourceRecordSets", "CreateListener"],
        ["DeleteListener", "DeleteCertificate"],
    ),
}


@pytest.mark.parametrize("cycle", CYCLES)
def test_a_cycle_is_built_and_torn_down(lab, cycle):
    text, making, taking = CYCLES[cycle]
    lab.declare(ring=text)
    (lab.folder / "test" / "code").mkdir()
    (lab.folder / "test" / "code" / "index.js").write_text("exports.handler = () => {}")

    built = lab.json()
    assert (built.code, {*built.actions.values()}) == (0, {"create"}), built.err
    assert in_order(built, making)
    again = lab.json()
    assert (again.code, again.actions, again.writes) == (0, {}, [])

    gone = lab.json("destroy", "--confirm", "test")
    assert (gone.code, gone.actions.keys()) == (0, built.actions.keys()), gone.err
    assert in_order(gone, taking)


def in_order(ran, operations):
    """Whether each of them was called, the first time after the one before it."""
    places = [ran.place(each) for each in operations]
    return places == sorted(places)
