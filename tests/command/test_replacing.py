"""Names that change, things that shall go, and objects that AWS cannot change but only replace."""

from __future__ import annotations

from tests.command.running import REGION
from tests.command.test_cycles import CERTIFICATE

NET = """
ec2.vpc: {net: {CidrBlock: 10.0.0.0/16}}
ec2.internet_gateway: {net: {VpcId: '${ec2.vpc/net.VpcId}'}}
ec2.subnet:
  $defaults: {VpcId: '${ec2.vpc/net.VpcId}'}
  a: {CidrBlock: 10.0.1.0/24, AvailabilityZone: '${env.zones[0]}'}
  b: {CidrBlock: 10.0.2.0/24, AvailabilityZone: '${env.zones[1]}'}
"""
TARGETS = """
elbv2.target_group: {shop: {Port: %s, Protocol: HTTP, VpcId: '${ec2.vpc/net.VpcId}'}}
"""
LISTENER = """
elbv2.load_balancer:
  shop:
    Subnets: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/b.SubnetId}']
    $depends_on: [ec2.internet_gateway/net]
elbv2.listener:
  shop:
    LoadBalancerArn: ${elbv2.load_balancer/shop.LoadBalancerArn}
    Port: 80
    Protocol: HTTP
    DefaultActions:
      - {Type: forward, TargetGroupArn: '${elbv2.target_group/shop.TargetGroupArn}'}
"""

PROOF = CERTIFICATE[CERTIFICATE.index("      - Name") : CERTIFICATE.index("elbv2.load_balancer")]
WIDER = CERTIFICATE.replace(PROOF, PROOF + PROOF.replace("[0]", "[1]")).replace(
    "acm.certificate: {www.muvi.test: {}}",
    "acm.certificate: {www.muvi.test: {SubjectAlternativeNames: [m.muvi.test]}}",
)
STEPS = ["AddTagsToCertificate", "RequestCertificate", "ModifyListener", "DeleteCertificate"]
"""The old one gives its address away; the new one is made; users move over; the old one goes."""


def test_a_rename_is_one_write_of_tags(lab):
    lab.declare(it="ec2.vpc: {old: {CidrBlock: 10.0.0.0/16}}")
    before = lab.json().resources["ec2.vpc/old"]["status"]
    assert before == "done"
    id = lab.plan().resources["ec2.vpc/old"]["id"]

    lab.declare(it="ec2.vpc: {new: {CidrBlock: 10.0.0.0/16, $was: ec2.vpc/old}}")
    ran = lab.json()
    assert (ran.code, ran.actions, ran.writes) == (0, {"ec2.vpc/new": "update"}, ["CreateTags"])
    assert ran.resources["ec2.vpc/new"]["id"] == id
    assert lab.json().actions == {}
    lab.declare(it="ec2.vpc: {new: {CidrBlock: 10.0.0.0/16}}")
    assert lab.json().actions == {}


def test_a_rename_of_what_keeps_its_name_in_aws_is_one_write_too(lab):
    lab.declare(it="ecr.repository: {old: {}}")
    assert lab.json().code == 0
    lab.declare(it="ecr.repository: {new: {repositoryName: old, $was: ecr.repository/old}}")
    ran = lab.json()
    assert (ran.actions, ran.writes) == ({"ecr.repository/new": "update"}, ["TagResource"])
    assert lab.json().actions == {}


def test_a_tombstone_takes_it_away_and_keeps_it_away(lab):
    lab.declare(it="ecs.cluster: {old: {}, new: {}}")
    assert lab.json().code == 0
    lab.declare(it="ecs.cluster: {old: {$absent: true}, new: {}}")
    ran = lab.json()
    assert (ran.actions, ran.writes) == ({"ecs.cluster/old": "delete"}, ["DeleteCluster"])
    assert ran.resources["ecs.cluster/old"]["reason"] == "$absent says that it shall not exist"
    again = lab.json()
    assert (again.code, again.actions) == (0, {})
    assert again.resources["ecs.cluster/old"]["reason"] == "AWS has none, as $absent wants it"


def test_replaced_in_use_the_new_one_comes_first_and_the_old_one_goes_last(lab):
    lab.declare(ring=CERTIFICATE)
    assert lab.json().code == 0
    lab.declare(ring=WIDER)
    plan = lab.plan()
    assert plan.actions["acm.certificate/www.muvi.test"] == "replace"
    assert plan.actions["elbv2.listener/user"] == "update"

    ran = lab.json()
    assert ran.code == 0, ran.out
    assert [each for each in ran.writes if each in STEPS] == STEPS
    acm = lab.client("acm", REGION)
    (one,) = acm.list_certificates()["CertificateSummaryList"]
    whole = acm.describe_certificate(CertificateArn=one["CertificateArn"])["Certificate"]
    assert {*whole["SubjectAlternativeNames"]} == {"www.muvi.test", "m.muvi.test"}
    assert lab.json().actions == {}


def test_what_nobody_uses_is_deleted_and_made_again_under_its_name(lab):
    lab.declare(it=NET + TARGETS % 80)
    assert lab.json().code == 0
    lab.declare(it=NET + TARGETS % 81)
    ran = lab.json()
    assert (ran.code, ran.actions) == (0, {"elbv2.target_group/shop": "replace"})
    assert ran.writes == ["DeleteTargetGroup", "CreateTargetGroup"]
    assert lab.json().actions == {}


def test_what_is_in_use_and_has_a_name_is_not_replaced(lab):
    lab.declare(it=NET + LISTENER + TARGETS % 80)
    assert lab.json().code == 0
    lab.declare(it=NET + LISTENER + TARGETS % 81)
    for ran in (lab.plan(), lab.json()):
        assert (ran.code, ran.writes) == (2, [])
        assert ran.actions == {"elbv2.target_group/shop": "replace"}
        one = ran.resources["elbv2.target_group/shop"]
        assert one["status"] == "refused"
        assert "elbv2.listener/shop would be without it meanwhile" in one["error"]
        assert "declare the new one under a new name beside it" in one["error"]


def test_the_remedy_works(lab):
    lab.declare(it=NET + LISTENER + TARGETS % 80)
    assert lab.json().code == 0
    new = (LISTENER + TARGETS % 81).replace("target_group/shop", "target_group/shop-81")
    lab.declare(it=NET + new.replace("{shop: {Port", "{shop-81: {Port"))
    ran = lab.json()
    assert ran.code == 0, ran.out
    assert ran.writes == ["CreateTargetGroup", "ModifyListener", "DeleteTargetGroup"]
