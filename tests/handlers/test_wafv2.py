"""What WAF's handlers send, where moto would not mind if it were otherwise."""

import re

import pytest
from botocore.exceptions import ClientError

from reconciler.aws import passing
from reconciler.errors import Foreign, InvalidDesired
from reconciler.model import Change, Desired, Found
from resources.wafv2.ip_set import IpSet
from resources.wafv2.web_acl import LOGGING, PROTECTED, RULES_OF_AWS, WebAcl
from tests.conftest import ACCOUNT, REGION
from tests.handlers import steps
from tests.living import actions, failures, loaded, run, written

EDGE = "us-east-1"
OURS = {"muvi-converge:environment": "uat", "muvi-converge:address": "wafv2.web_acl/front"}
SEEN = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "it"}
GEO = {"GeoMatchStatement": {"CountryCodes": ["SA"]}}
BUCKET = {"LogDestinationConfigs": ["arn:aws:s3:::aws-waf-logs-muvi-uat"]}
OTP = {
    "ByteMatchStatement": {
        "SearchString": "/auth/ОТП",
        "FieldToMatch": {"UriPath": {}},
        "PositionalConstraint": "STARTS_WITH",
        "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
    }
}


def rule(name, priority, statement, **more):
    known = {"Name": name, "Priority": priority, "VisibilityConfig": SEEN, "Statement": statement}
    return {**known, **({} if "OverrideAction" in more else {"Action": {"Block": {}}}), **more}


RATE = rule("rate-limit", 10, {"RateBasedStatement": {"Limit": 2000, "AggregateKeyType": "IP"}})
SHIELD = rule(
    f"ShieldMitigationRuleGroup_{ACCOUNT}_1_2",
    10_000_000,
    {
        "RuleGroupReferenceStatement": {
            "ARN": f"arn:aws:wafv2:{REGION}:153427709519:regional/rulegroup/Shield/1"
        }
    },
    OverrideAction={"None": {}},
)
ACL = {
    "Name": "front",
    "Scope": "REGIONAL",
    "DefaultAction": {"Allow": {}},
    "VisibilityConfig": SEEN,
    "Rules": [RATE],
}
SET = {
    "Name": "office",
    "Scope": "REGIONAL",
    "IPAddressVersion": "IPV4",
    "Addresses": ["192.0.2.0/24"],
}


@pytest.fixture
def acl(aws):
    return WebAcl(aws, REGION)


@pytest.fixture
def ip_set(aws):
    return IpSet(aws, REGION)


@pytest.fixture
def balancer(aws):
    ec2 = aws.client("ec2", REGION)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")
        for n, zone in enumerate("ab")
    ]
    made = aws.client("elbv2", REGION).create_load_balancer(
        Name="front", Scheme="internal", Subnets=[each["Subnet"]["SubnetId"] for each in subnets]
    )
    return made["LoadBalancers"][0]["LoadBalancerArn"]


def create(handler, properties=ACL, tags=OURS, **more):
    spelled = handler.spelled({**properties, **more})
    return steps.create(handler, Desired(spelled, tags))


def rules_sent(sent):
    return {each["Name"]: each for each in dict(sent)["UpdateWebACL"]["Rules"]}


def test_a_web_acl_is_created_with_its_tags_and_without_what_comes_later(acl, balancer):
    sent = steps.sent(acl.client)
    create(acl, **{LOGGING: BUCKET, PROTECTED: [balancer]})
    ((operation, request),) = sent
    assert operation == "CreateWebACL"
    assert {tag["Key"]: tag["Value"] for tag in request["Tags"]} == OURS
    assert {name: request[name] for name in ACL} == ACL
    assert request.keys() == {*ACL, "Tags"}


def test_a_create_whose_answer_was_lost_is_known_by_its_name(acl):
    create(acl)
    with pytest.raises(ClientError) as again:
        create(acl)
    assert passing.exists(again.value)


def test_what_is_compared_as_nothing_is_told_apart_all_the_same(acl):
    arn = create(acl)
    wanted = {
        "DefaultAction": {"Block": {}},
        "Rules": [{**RATE, "Action": {"Count": {}}}],
    }
    sent = steps.sent(acl.client)
    assert steps.update(acl, arn, wanted) == ()
    assert dict(sent)["UpdateWebACL"]["DefaultAction"] == {"Block": {}}
    assert rules_sent(sent)["rate-limit"]["Action"] == {"Count": {}}


def test_the_default_action_that_somebody_turned_is_a_difference(acl):
    arn = create(acl, DefaultAction={"Block": {}})
    (one,) = steps.change(acl, steps.look(acl, arn), ACL).fields
    assert (one.path, one.before, one.after) == ("DefaultAction.chosen", "Block", "Allow")


def test_another_statement_takes_the_place_of_the_one_before(acl):
    arn = create(acl, Rules=[RATE, rule("otp", 20, GEO)])
    sent = steps.sent(acl.client)
    assert steps.update(acl, arn, {"Rules": [RATE, rule("otp", 20, OTP)]}) == ()
    assert list(rules_sent(sent)["otp"]["Statement"]) == ["ByteMatchStatement"]


def test_a_rule_that_becomes_a_group_of_rules_has_no_action_left(acl):
    arn = create(acl, Rules=[rule("one", 1, GEO)])
    group = {
        "ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesSQLiRuleSet"}
    }
    wanted = {"Rules": [rule("one", 1, group, OverrideAction={"None": {}})]}
    sent = steps.sent(acl.client)
    assert steps.update(acl, arn, wanted) == ()
    assert rules_sent(sent)["one"].keys() & {"Action", "OverrideAction"} == {"OverrideAction"}


def test_what_is_searched_for_is_a_text_here_and_bytes_there(acl):
    arn = create(acl, Rules=[rule("otp", 20, OTP)])
    raw = acl.client.get_web_acl(Name="front", Scope="REGIONAL", Id=arn.rpartition("/")[2])
    (shown,) = raw["WebACL"]["Rules"]
    assert shown["Statement"]["ByteMatchStatement"]["SearchString"] == "/auth/ОТП".encode()
    assert steps.change(acl, steps.look(acl, arn), {"Rules": [rule("otp", 20, OTP)]}).fields == ()


def test_bytes_that_are_no_text_go_back_as_they_came(acl):
    foreign = {**OTP["ByteMatchStatement"], "SearchString": b"\xff\xfe/otp"}
    acl.client.create_web_acl(
        **{**ACL, "Rules": [rule("theirs", 1, {"ByteMatchStatement": foreign})]}
    )
    (found,) = acl.listed()
    sent = steps.sent(acl.client)
    steps.update(acl, found.id, {"Description": "ours"})
    assert rules_sent(sent)["theirs"]["Statement"]["ByteMatchStatement"] == foreign


def test_shields_rule_is_no_difference_and_survives_an_exact_update(acl):
    arn = create(acl, Rules=[SHIELD, RATE])
    assert steps.change(acl, steps.look(acl, arn), ACL).fields == ()
    sent = steps.sent(acl.client)
    more = rule("otp", 5, OTP)
    assert steps.update(acl, arn, {"Rules": [RATE, more]}) == ()
    assert list(rules_sent(sent)) == ["otp", "rate-limit", SHIELD["Name"]]
    assert rules_sent(sent)[SHIELD["Name"]] == SHIELD


def test_what_weakens_a_rule_is_a_difference_though_nobody_mentions_it(acl):
    rate = {**RATE["Statement"]["RateBasedStatement"], "ScopeDownStatement": GEO}
    arn = create(acl, Rules=[{**RATE, "Statement": {"RateBasedStatement": rate}}])
    (one,) = steps.change(acl, steps.look(acl, arn), ACL).fields
    assert one.path == "Rules[rate-limit].Statement.RateBasedStatement.ScopeDownStatement"
    assert steps.update(acl, arn, ACL) == ()


def test_what_aws_filled_in_is_no_difference_and_goes_back(acl):
    arn = create(acl)
    sent = steps.sent(acl.client)
    steps.update(acl, arn, {"Description": "the front"})
    rate = rules_sent(sent)["rate-limit"]["Statement"]["RateBasedStatement"]
    assert rate == {"Limit": 2000, "EvaluationWindowSec": 300, "AggregateKeyType": "IP"}


def test_what_our_schema_does_not_know_goes_back_as_it_came(acl):
    """moto forgets it, so it is put beside what was observed."""
    observed = steps.look(acl, create(acl))
    masked = {"DataProtections": [{"Field": {"FieldType": "BODY"}, "Action": "HASH"}]}
    wanted = {**observed.properties, "Description": "ours", "DataProtectionConfig": masked}
    sent = steps.sent(acl.client)
    change = steps.change(acl, observed, {"Description": "ours"})
    acl.update(Change(observed, wanted, OURS, change.fields))
    request = dict(sent)["UpdateWebACL"]
    assert request["DataProtectionConfig"] == masked
    assert not request.keys() & {"Capacity", "LabelNamespace", "ARN", RULES_OF_AWS}


def test_an_update_is_guarded_by_the_token_that_was_read(acl):
    observed = steps.look(acl, create(acl))
    first = steps.change(acl, observed, {"Description": "ours"})
    sent = steps.sent(acl.client)
    acl.update(first)
    assert dict(sent)["UpdateWebACL"]["LockToken"] == observed.etag
    with pytest.raises(ClientError) as late:
        acl.update(first)
    assert passing.stale(late.value)
    with pytest.raises(ClientError) as late:
        acl.delete(observed)
    assert passing.stale(late.value)


def test_a_description_that_is_taken_away_is_left_out(acl):
    arn = create(acl, Description="the front")
    sent = steps.sent(acl.client)
    assert steps.update(acl, arn, {"Description": None}) == ()
    assert "Description" not in dict(sent)["UpdateWebACL"]


def test_only_what_is_mentioned_is_read(acl):
    create(acl)
    (found,) = acl.listed()
    read = steps.sent(acl.client, "GetWebACL", "GetLoggingConfiguration", "ListResourcesForWebACL")
    acl.get(found, {"Rules"})
    assert [operation for operation, _ in read] == ["GetWebACL"]
    acl.get(found, {LOGGING, PROTECTED})
    later = {operation for operation, _ in read[2:]}
    assert later == {"GetLoggingConfiguration", "ListResourcesForWebACL"}


def test_logging_is_put_and_taken_away_by_calls_of_its_own(acl):
    arn = create(acl)
    sent = steps.sent(acl.client)
    redacted = {**BUCKET, "RedactedFields": [{"SingleHeader": {"Name": "Authorization"}}]}
    assert steps.update(acl, arn, {LOGGING: redacted}) == ()
    assert [operation for operation, _ in sent] == ["PutLoggingConfiguration"]
    assert sent[0][1][LOGGING]["ResourceArn"] == arn
    observed = steps.look(acl, arn, {LOGGING})
    away = steps.change(acl, observed, {LOGGING: None})
    acl.update(away)
    acl.update(away)  # gone already
    assert steps.look(acl, arn, {LOGGING})[LOGGING] is None


def test_another_destination_takes_the_place_of_the_first_even_where_lists_are_at_least(acl):
    properties = acl.spelled({LOGGING: BUCKET})
    assert "LogDestinationConfigs" in properties[LOGGING]["$exact"]


def test_a_load_balancer_is_not_taken_from_a_web_acl_of_somebody_else(acl, balancer):
    theirs = create(acl, tags={"owner": "they"}, Name="theirs")
    acl.client.associate_web_acl(WebACLArn=theirs, ResourceArn=balancer)
    arn = create(acl)
    with pytest.raises(Foreign, match=f"behind {theirs}.*aws wafv2 associate-web-acl"):
        steps.update(acl, arn, {PROTECTED: [balancer]})
    now = acl.client.get_web_acl_for_resource(ResourceArn=balancer)["WebACL"]
    assert now["ARN"] == theirs


def test_between_web_acls_of_ours_a_load_balancer_moves_without_a_gap(acl, balancer):
    first, second = create(acl), create(acl, Name="second")
    steps.update(acl, first, {PROTECTED: [balancer]})
    before = steps.look(acl, first, {PROTECTED})
    sent = steps.sent(acl.client)
    assert steps.update(acl, second, {PROTECTED: [balancer]}) == ()
    # The first one looked before the second took over. It must not take it away again.
    acl.update(steps.change(acl, before, {PROTECTED: []}))
    assert [operation for operation, _ in sent] == ["AssociateWebACL"]


def test_a_load_balancer_that_is_let_go_stands_alone(acl, balancer):
    arn = create(acl)
    steps.update(acl, arn, {PROTECTED: [balancer]})
    let_go = steps.change(acl, steps.look(acl, arn, {PROTECTED}), {PROTECTED: []})
    acl.update(let_go)
    assert "WebACL" not in acl.client.get_web_acl_for_resource(ResourceArn=balancer)
    acl.aws.client("elbv2", REGION).delete_load_balancer(LoadBalancerArn=balancer)
    acl.update(let_go)  # the load balancer is gone meanwhile


def test_what_protects_something_is_deleted_once_that_has_let_go(acl, balancer):
    arn = create(acl)
    steps.update(acl, arn, {PROTECTED: [balancer]})
    observed = steps.look(acl, arn)
    with pytest.raises(ClientError) as early:
        acl.delete(observed)
    assert passing.in_use(early.value)
    acl.client.disassociate_web_acl(ResourceArn=balancer)
    acl.delete(observed)
    acl.delete(observed)
    assert acl.get(Found(arn, observed.properties), set()) is None


@pytest.mark.parametrize(
    ("region", "scopes"), [(REGION, ["REGIONAL"]), (EDGE, ["REGIONAL", "CLOUDFRONT"])]
)
@pytest.mark.parametrize("kind", [WebAcl, IpSet])
def test_cloudfronts_scope_is_asked_in_one_region(aws, kind, region, scopes):
    handler = kind(aws, region)
    asked = steps.sent(handler.client, "ListWebACLs", "ListIPSets")
    assert list(handler.listed()) == []
    assert [request["Scope"] for _, request in asked] == scopes


def test_one_name_may_stand_in_both_scopes(aws):
    acl = WebAcl(aws, EDGE)
    made = [create(acl, Scope=scope) for scope in ("REGIONAL", "CLOUDFRONT")]
    found = {each.id: each.properties["Scope"] for each in acl.listed()}
    assert found == dict(zip(made, ("REGIONAL", "CLOUDFRONT"), strict=True))


def test_firewall_managers_own_web_acl_is_never_ours_to_change(acl):
    create(acl, Name="FMManagedWebACLV2-all-1600000000000")
    (found,) = acl.listed()
    assert found.managed_by == "Firewall Manager"


def test_what_is_before_cloudfront_has_no_load_balancers(aws, balancer):
    acl = WebAcl(aws, EDGE)
    arn = create(acl, Scope="CLOUDFRONT")
    asked = steps.sent(acl.client, "ListResourcesForWebACL")
    assert PROTECTED not in steps.look(acl, arn, {PROTECTED}).properties
    assert asked == []


UAT = """
wafv2.web_acl:
  muvi-uat-acl:
    $region: edge
    Scope: CLOUDFRONT
    DefaultAction: {Allow: {}}
    VisibilityConfig: &seen
      SampledRequestsEnabled: true
      CloudWatchMetricsEnabled: true
      MetricName: muvi-uat-acl
    Rules:
      - Name: rate-limit
        Priority: 10
        Action: {Block: {}}
        Statement:
          RateBasedStatement: {Limit: 2000, EvaluationWindowSec: 300, AggregateKeyType: IP}
        VisibilityConfig: *seen
      - Name: otp-rate-limit
        Priority: 20
        Action: {Block: {}}
        Statement:
          RateBasedStatement:
            Limit: 20
            AggregateKeyType: IP
            ScopeDownStatement:
              ByteMatchStatement:
                SearchString: /auth/otp
                FieldToMatch: {UriPath: {}}
                PositionalConstraint: STARTS_WITH
                TextTransformations: [{Priority: 0, Type: NONE}]
        VisibilityConfig: *seen
    LoggingConfiguration:
      LogDestinationConfigs: ["arn:aws:s3:::aws-waf-logs-muvi-uat"]
"""
WRONG = {
    "wafv2.web_acl": UAT.replace("    $region: edge\n", ""),
    "wafv2.ip_set": """
wafv2.ip_set: {office: {Scope: CLOUDFRONT, IPAddressVersion: IPV4, Addresses: [192.0.2.0/24]}}
""",
}


def declared(folder, resources):
    regions = {"main": REGION, "edge": EDGE}
    written(folder, {"account": ACCOUNT, "region": REGION, "regions": regions})
    (folder / "test/waf.yaml").write_text(resources)
    return loaded(folder)


def test_the_web_acl_of_uat_is_made_once_and_then_left_alone(aws, tmp_path):
    only = ("wafv2.web_acl",)
    _, first = run(declared(tmp_path, UAT), aws, only=only)
    assert failures(first) == {}
    _, second = run(declared(tmp_path, UAT), aws, only=only)
    assert actions(second) == {}
    (made,) = WebAcl(aws, EDGE).listed()
    assert made.id.startswith(f"arn:aws:wafv2:{EDGE}:{ACCOUNT}:global/webacl/muvi-uat-acl/")


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("CreateWebACL", "WAFUnavailableEntityException"),
        ("CreateWebACL", "WAFTagOperationException"),
        ("PutLoggingConfiguration", "WAFLogDestinationPermissionIssueException"),
        ("PutLoggingConfiguration", "WAFServiceLinkedRoleErrorException"),
    ],
)
def test_what_passes_by_itself_is_asked_again(aws, tmp_path, operation, code):
    asked = refusing(aws.client("wafv2", EDGE), operation, code)
    _, result = run(declared(tmp_path, UAT), aws, only=("wafv2.web_acl",))
    assert failures(result) == {}
    assert len(asked) == 2


def test_somebody_who_wrote_meanwhile_is_looked_at_again(aws, tmp_path):
    run(declared(tmp_path, UAT), aws, only=("wafv2.web_acl",))
    changed = UAT.replace("Limit: 2000", "Limit: 1000")
    asked = refusing(aws.client("wafv2", EDGE), "UpdateWebACL", "WAFOptimisticLockException")
    _, result = run(declared(tmp_path, changed), aws, only=("wafv2.web_acl",))
    assert failures(result) == {}
    assert len(asked) == 2


def refusing(client, operation, code):
    """Refuse the first of these calls; all of them are noted."""
    asked = []

    def refuse(**_):
        asked.append(operation)
        if len(asked) > 1:
            return None
        meta = {"HTTPStatusCode": 400}
        refusal = {"Error": {"Code": code, "Message": "Retry."}, "ResponseMetadata": meta}
        return type("Http", (), {"status_code": 400})(), refusal

    client.meta.events.register(f"before-call.wafv2.{operation}", refuse)
    return asked


@pytest.mark.parametrize("kind", WRONG)
def test_cloudfronts_scope_elsewhere_is_refused_before_a_call(tmp_path, kind):
    with pytest.raises(InvalidDesired, match=f"Scope is CLOUDFRONT, which WAF knows in {EDGE}"):
        declared(tmp_path, WRONG[kind])


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("Limit: 2000", "Limit: 9", "at least 10"),
        ("EvaluationWindowSec: 300", "EvaluationWindowSec: 240", "60, 120, 300, 600"),
        ("aws-waf-logs-muvi", "muvi-logs", "begins with aws-waf-logs-"),
        ("s3:::aws-waf-logs-muvi-uat", f"logs:{EDGE}:{ACCOUNT}:log-group:aws-waf-logs-uat:*", ":*"),
        ("Name: rate-limit", "Name: rate limit", "1-128 letters"),
        ("Name: rate-limit", "Name: ShieldMitigationRuleGroup_1", "AWS's own rules"),
        ("MetricName: muvi-uat-acl", "MetricName: Default_Action", "AWS's own"),
        ("muvi-uat-acl:", f"{'a' * 129}:", "1-128 letters"),
    ],
)
def test_what_aws_would_refuse_late_is_refused_at_once(tmp_path, right, wrong, says):
    with pytest.raises(InvalidDesired, match=re.escape(says)):
        declared(tmp_path, UAT.replace(right, wrong))


@pytest.mark.parametrize("address", ["0.0.0.0/0", "::/0", "256.1.1.1/32", "10.0.0.0/33", "office"])
def test_an_ip_set_takes_no_address_that_aws_would_refuse(tmp_path, address):
    resources = WRONG["wafv2.ip_set"].replace("192.0.2.0/24", f'"{address}"')
    with pytest.raises(InvalidDesired, match="an address or a range such as"):
        declared(tmp_path, resources)


def test_an_ip_set_is_written_whole_under_its_token(ip_set):
    arn = create(ip_set, SET, Description="office")
    observed = steps.look(ip_set, arn)
    first = steps.change(ip_set, observed, {"Addresses": ["203.0.113.9/24"], "Description": None})
    sent = steps.sent(ip_set.client)
    ip_set.update(first)
    ((operation, request),) = sent
    assert operation == "UpdateIPSet"
    assert request["Addresses"] == ["203.0.113.0/24"]
    assert request["LockToken"] == observed.etag
    assert request.keys() == {"Name", "Scope", "Id", "Addresses", "LockToken"}
    with pytest.raises(ClientError) as late:
        ip_set.update(first)
    assert passing.stale(late.value)


def test_an_ip_set_may_be_emptied(ip_set):
    arn = create(ip_set, SET)
    assert steps.update(ip_set, arn, {"Addresses": []}) == ()


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        ("192.0.2.44", "192.0.2.44/32"),
        ("192.0.2.44/24", "192.0.2.0/24"),
        ("2001:DB8:0:0::/32", "2001:db8::/32"),
        ("300.1.2.3/8", "300.1.2.3/8"),  # AWS says it better
    ],
)
def test_a_range_has_one_spelling(ip_set, written, ours):
    assert ip_set.spelled({"Addresses": [written]})["Addresses"] == [ours]


def test_an_ip_set_in_use_is_deleted_once_its_rule_has_let_go(acl, ip_set):
    arn = create(ip_set, SET)
    refers = rule("office", 1, {"IPSetReferenceStatement": {"ARN": arn}})
    front = create(acl, Rules=[refers])
    observed = steps.look(ip_set, arn)
    with pytest.raises(ClientError) as early:
        ip_set.delete(observed)
    assert passing.in_use(early.value)
    steps.update(acl, front, {"Rules": [RATE]})
    ip_set.delete(observed)
    ip_set.delete(observed)
    assert ip_set.get(Found(arn, observed.properties), set()) is None
