"""WAF as its documentation describes it; plain moto does otherwise."""

import pytest
from botocore.exceptions import ClientError

from tests.conftest import ACCOUNT

EDGE = "us-east-1"
SEEN = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "it"}
ACL = {
    "Name": "front",
    "Scope": "REGIONAL",
    "DefaultAction": {"Allow": {}},
    "VisibilityConfig": SEEN,
}
RANGES = {"Name": "office", "Scope": "REGIONAL", "IPAddressVersion": "IPV4"}
RATE = {"Limit": 2000, "AggregateKeyType": "IP"}
NOWHERE = (
    f"arn:aws:elasticloadbalancing:eu-central-1:{ACCOUNT}:loadbalancer/app/no/50dc6c495c0c9188"
)


@pytest.fixture
def waf(moto):
    return moto("wafv2")


@pytest.fixture
def acl(waf):
    """Create the web ACL `front`, or one that differs from it."""
    return lambda **more: waf.create_web_acl(**{**ACL, **more})["Summary"]


@pytest.fixture
def ranges(waf):
    def made(*addresses, **more):
        asked = {**RANGES, "Addresses": list(addresses), "Tags": [{"Key": "a", "Value": "b"}]}
        return waf.create_ip_set(**{**asked, **more})["Summary"]

    return made


@pytest.fixture
def balancer(moto):
    ec2 = moto("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"eu-central-1{zone}"
        )["Subnet"]["SubnetId"]
        for n, zone in enumerate("ab")
    ]
    made = moto("elbv2").create_load_balancer(Name="front", Subnets=subnets, Scheme="internal")
    return made["LoadBalancers"][0]["LoadBalancerArn"]


def rule(statement, **more):
    known = {"Name": "one", "Priority": 0, "Statement": statement, "VisibilityConfig": SEEN}
    return {**known, **({} if "OverrideAction" in more else {"Action": {"Block": {}}}), **more}


def named(summary, scope="REGIONAL"):
    return {"Name": summary["Name"], "Id": summary["Id"], "Scope": scope}


def put(waf, summary, **document):
    fresh = waf.get_web_acl(**named(summary))
    required = {name: ACL[name] for name in ("DefaultAction", "VisibilityConfig")}
    waf.update_web_acl(**named(summary), **{**required, **document}, LockToken=fresh["LockToken"])
    return waf.get_web_acl(**named(summary))["WebACL"]


# https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html
@pytest.mark.parametrize("operation", ["create_web_acl", "create_ip_set"])
def test_cloudfronts_scope_is_taken_in_one_region(moto, operation):
    asked = ACL if operation == "create_web_acl" else {**RANGES, "Addresses": []}
    tags = [{"Key": "a", "Value": "b"}]
    create = getattr(moto("wafv2"), operation)
    with pytest.raises(ClientError, match="WAFInvalidParameterException"):
        create(**{**asked, "Scope": "CLOUDFRONT"}, Tags=tags)
    getattr(moto("wafv2", region_name=EDGE), operation)(
        **{**asked, "Scope": "CLOUDFRONT"}, Tags=tags
    )


@pytest.mark.parametrize("operation", ["list_web_acls", "list_ip_sets"])
def test_cloudfronts_scope_is_listed_in_one_region(waf, operation):
    with pytest.raises(ClientError, match="WAFInvalidParameterException"):
        getattr(waf, operation)(Scope="CLOUDFRONT")


def test_a_web_acl_for_cloudfront_is_read_changed_and_deleted_in_one_region(moto):
    edge, waf = moto("wafv2", region_name=EDGE), moto("wafv2")
    made = edge.create_web_acl(**{**ACL, "Scope": "CLOUDFRONT"})["Summary"]
    one, token = named(made, "CLOUDFRONT"), {"LockToken": made["LockToken"]}
    document = {"DefaultAction": {"Allow": {}}, "VisibilityConfig": SEEN}
    for call, more in (
        (waf.get_web_acl, {}),
        (waf.update_web_acl, {**token, **document}),
        (waf.delete_web_acl, token),
    ):
        with pytest.raises(ClientError, match="WAFInvalidParameterException"):
            call(**one, **more)


def test_a_name_that_is_taken_is_called_so(acl):
    acl()
    with pytest.raises(ClientError, match="WAFDuplicateItemException"):
        acl()


def test_an_ip_set_has_its_name_alone(ranges):
    ranges("192.0.2.0/24")
    with pytest.raises(ClientError, match="WAFDuplicateItemException"):
        ranges("192.0.2.0/24")


GEO = {"GeoMatchStatement": {"CountryCodes": ["SA"]}}
COMMON = {
    "ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}
}
MATCH = {"SearchString": b"a", "PositionalConstraint": "EXACTLY"}
FIELDS = {"UriPath": {}, "QueryString": {}}
PLAIN = [{"Priority": 0, "Type": "NONE"}]


@pytest.mark.parametrize(
    "rules",
    [
        [rule({})],
        [rule({**GEO, "RateBasedStatement": RATE})],
        [rule({"NotStatement": {"Statement": {}}})],
        [
            rule(
                {
                    "ByteMatchStatement": {
                        **MATCH,
                        "FieldToMatch": FIELDS,
                        "TextTransformations": PLAIN,
                    }
                }
            )
        ],
        [rule(GEO, Action={"Block": {}, "Allow": {}})],
        [rule(GEO, Action={"Block": {}}, OverrideAction={"None": {}})],
        [rule(GEO), rule(GEO, Name="two")],
        [rule(GEO), rule(GEO, Priority=1)],
        [rule({"RateBasedStatement": {**RATE, "EvaluationWindowSec": 90}})],
        [rule(COMMON)],
        [rule(GEO, OverrideAction={"None": {}})],
        [rule({"NotStatement": {"Statement": COMMON}})],
    ],
)
def test_rules_that_are_none_are_refused(waf, acl, rules):
    with pytest.raises(ClientError, match="WAFInvalidParameterException"):
        acl(Rules=rules)
    with pytest.raises(ClientError, match="WAFInvalidParameterException"):
        put(waf, acl(Name="other"), Rules=rules)


# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
def test_a_group_of_rules_that_aws_does_not_have_is_not_found(acl):
    none = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesRedis"}}
    acl(Rules=[rule(COMMON, OverrideAction={"None": {}})])
    with pytest.raises(ClientError, match="WAFNonexistentItemException"):
        acl(Name="other", Rules=[rule(none, OverrideAction={"None": {}})])


def test_only_one_thing_is_done_by_default(acl):
    with pytest.raises(ClientError, match="WAFInvalidParameterException"):
        acl(DefaultAction={"Allow": {}, "Block": {}})


# https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html
def test_a_rate_is_counted_over_five_minutes_unless_told_otherwise(waf, acl):
    made = acl(Rules=[rule({"RateBasedStatement": RATE})])
    (read,) = waf.get_web_acl(**named(made))["WebACL"]["Rules"]
    assert read["Statement"]["RateBasedStatement"] == {**RATE, "EvaluationWindowSec": 300}


def test_a_rule_refers_to_what_there_is(waf, acl, ranges):
    missing = ranges("192.0.2.0/24")
    waf.delete_ip_set(**named(missing), LockToken=missing["LockToken"])
    refers = [rule({"IPSetReferenceStatement": {"ARN": missing["ARN"]}})]
    with pytest.raises(ClientError, match="WAFNonexistentItemException"):
        acl(Rules=refers)
    with pytest.raises(ClientError, match="WAFNonexistentItemException"):
        put(waf, acl(), Rules=refers)


# https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateWebACL.html
def test_an_update_is_the_whole_document(waf, acl):
    bodies = {"slow": {"ContentType": "TEXT_PLAIN", "Content": "slow"}}
    configs = {"CaptchaConfig": {"ImmunityTimeProperty": {"ImmunityTime": 60}}}
    more = {"TokenDomains": ["a.io"], "CustomResponseBodies": bodies, **configs}
    read = put(waf, acl(Description="for all", Rules=[rule(GEO)], **more))
    assert read["Rules"] == []
    assert not {*more, "Description"} & {name for name, value in read.items() if value}


# https://docs.aws.amazon.com/waf/latest/APIReference/API_DeleteWebACL.html
def test_what_protects_a_load_balancer_is_not_deleted(moto, waf, acl, balancer):
    made = acl()
    delete = {**named(made), "LockToken": made["LockToken"]}
    waf.associate_web_acl(WebACLArn=made["ARN"], ResourceArn=balancer)
    with pytest.raises(ClientError, match="WAFAssociatedItemException"):
        waf.delete_web_acl(**delete)
    moto("elbv2").delete_load_balancer(LoadBalancerArn=balancer)
    waf.delete_web_acl(**delete)


def test_what_protects_a_distribution_is_not_deleted(moto):
    waf = moto("wafv2", region_name=EDGE)
    made = waf.create_web_acl(**{**ACL, "Scope": "CLOUDFRONT"})["Summary"]
    origin = {
        "Id": "a",
        "DomainName": "a.s3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    behavior = {
        "TargetOriginId": "a",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    }
    config = {
        "CallerReference": "a",
        "Comment": "",
        "Enabled": False,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behavior,
        "WebACLId": made["ARN"],
    }
    moto("cloudfront").create_distribution(DistributionConfig=config)
    with pytest.raises(ClientError, match="WAFAssociatedItemException"):
        waf.delete_web_acl(**named(made, "CLOUDFRONT"), LockToken=made["LockToken"])


# https://docs.aws.amazon.com/waf/latest/APIReference/API_DeleteIPSet.html
def test_an_ip_set_that_a_rule_refers_to_is_not_deleted(waf, acl, ranges):
    made = ranges("192.0.2.0/24")
    inner = {"IPSetReferenceStatement": {"ARN": made["ARN"]}}
    acl(Rules=[rule({"NotStatement": {"Statement": inner}})])
    with pytest.raises(ClientError, match="WAFAssociatedItemException"):
        waf.delete_ip_set(**named(made), LockToken=made["LockToken"])


# https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSet.html
@pytest.mark.parametrize("wrong", ["0.0.0.0/0", "192.0.2.1", "2001:db8::/32", "a"])
def test_an_address_that_is_no_range_of_the_version_is_refused(waf, ranges, wrong):
    with pytest.raises(ClientError, match="WAFInvalidParameterException"):
        ranges(wrong)
    made = ranges("192.0.2.0/24")
    with pytest.raises(ClientError, match="WAFInvalidParameterException"):
        waf.update_ip_set(**named(made), Addresses=[wrong], LockToken=made["LockToken"])


@pytest.mark.parametrize(
    ("version", "written", "kept"),
    [
        ("IPV4", "192.0.2.44/24", "192.0.2.0/24"),
        ("IPV6", "1111::/64", "1111:0000:0000:0000:0000:0000:0000:0000/64"),
    ],
)
def test_ranges_are_kept_in_one_spelling(waf, ranges, version, written, kept):
    made = ranges(written, IPAddressVersion=version)
    assert waf.get_ip_set(**named(made))["IPSet"]["Addresses"] == [kept]


def test_an_update_takes_the_description_of_an_ip_set_away(waf, ranges):
    made = ranges("192.0.2.0/24", Description="ours")
    waf.update_ip_set(**named(made), Addresses=[], LockToken=made["LockToken"])
    assert not waf.get_ip_set(**named(made))["IPSet"].get("Description")


# https://docs.aws.amazon.com/waf/latest/APIReference/API_TagResource.html
def test_what_is_gone_has_no_tags(waf, acl):
    made = acl(Tags=[{"Key": "a", "Value": "b"}])
    waf.delete_web_acl(**named(made), LockToken=made["LockToken"])
    for call, more in (
        (waf.list_tags_for_resource, {}),
        (waf.tag_resource, {"Tags": [{"Key": "a", "Value": "b"}]}),
        (waf.untag_resource, {"TagKeys": ["a"]}),
    ):
        with pytest.raises(ClientError, match="WAFNonexistentItemException"):
            call(ResourceARN=made["ARN"], **more)


# https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html
def test_one_web_acl_takes_the_place_of_another(waf, acl, balancer):
    first, second = acl(), acl(Name="second")
    for each in (first, second):
        waf.associate_web_acl(WebACLArn=each["ARN"], ResourceArn=balancer)
    now = waf.get_web_acl_for_resource(ResourceArn=balancer)["WebACL"]
    assert now["ARN"] == second["ARN"]


def test_nothing_is_put_before_a_load_balancer_that_there_is_not(waf, acl):
    with pytest.raises(ClientError, match="WAFNonexistentItemException"):
        waf.associate_web_acl(WebACLArn=acl()["ARN"], ResourceArn=NOWHERE)
    with pytest.raises(ClientError, match="WAFNonexistentItemException"):
        waf.get_web_acl_for_resource(ResourceArn=NOWHERE)


# https://docs.aws.amazon.com/waf/latest/APIReference/API_ListResourcesForWebACL.html
def test_the_load_balancers_behind_a_web_acl_are_listed(moto, waf, acl, balancer):
    arn = acl()["ARN"]
    waf.associate_web_acl(WebACLArn=arn, ResourceArn=balancer)
    assert waf.list_resources_for_web_acl(WebACLArn=arn)["ResourceArns"] == [balancer]
    other = waf.list_resources_for_web_acl(WebACLArn=arn, ResourceType="API_GATEWAY")
    assert other["ResourceArns"] == []
    edge = moto("wafv2", region_name=EDGE)
    made = edge.create_web_acl(**{**ACL, "Scope": "CLOUDFRONT"})["Summary"]
    with pytest.raises(ClientError, match="WAFInvalidParameterException"):
        edge.list_resources_for_web_acl(WebACLArn=made["ARN"])


# https://docs.aws.amazon.com/waf/latest/APIReference/API_PutLoggingConfiguration.html
GROUP = f"arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:aws-waf-logs-it"


@pytest.mark.parametrize(
    "wrong",
    [["arn:aws:s3:::logs-of-ours"], [f"{GROUP}:*"], ["arn:aws:s3:::aws-waf-logs-it", GROUP]],
)
def test_logs_go_to_one_place_whose_name_says_so(waf, acl, wrong):
    config = {"ResourceArn": acl()["ARN"], "LogDestinationConfigs": wrong}
    with pytest.raises(ClientError, match="WAFInvalidParameterException"):
        waf.put_logging_configuration(LoggingConfiguration=config)


def test_names_of_headers_are_kept_in_lower_case(waf, acl):
    config = {
        "ResourceArn": acl()["ARN"],
        "LogDestinationConfigs": [GROUP],
        "RedactedFields": [{"SingleHeader": {"Name": "Authorization"}}, {"QueryString": {}}],
    }
    put = waf.put_logging_configuration(LoggingConfiguration=config)["LoggingConfiguration"]
    lowered = [{"SingleHeader": {"Name": "authorization"}}, {"QueryString": {}}]
    assert put["RedactedFields"] == lowered


def test_only_some_fields_are_left_out_of_logs(waf, acl):
    config = {
        "ResourceArn": acl()["ARN"],
        "LogDestinationConfigs": [GROUP],
        "RedactedFields": [{"Body": {}}],
    }
    with pytest.raises(ClientError, match="WAFInvalidParameterException"):
        waf.put_logging_configuration(LoggingConfiguration=config)


def test_logging_is_of_a_web_acl_and_goes_with_it(waf, acl):
    made = acl()
    config = {"ResourceArn": made["ARN"], "LogDestinationConfigs": [GROUP]}
    waf.put_logging_configuration(LoggingConfiguration=config)
    waf.delete_web_acl(**named(made), LockToken=made["LockToken"])
    with pytest.raises(ClientError, match="WAFNonexistentItemException"):
        waf.get_logging_configuration(ResourceArn=made["ARN"])
    with pytest.raises(ClientError, match="WAFNonexistentItemException"):
        waf.put_logging_configuration(LoggingConfiguration=config)
