"""Which properties CloudFormation replaces an object for, by our types' names."""

import json
from pathlib import Path

CREATE_ONLY = Path(__file__).with_name("create_only.json")

# What CloudFormation calls our types.
CALLED = {
    "ec2.address": "ec2.eip",
    "elasticache.cache_parameter_group": "elasticache.parametergroup",
    "elasticache.cache_subnet_group": "elasticache.subnetgroup",
    "elbv2.listener": "elasticloadbalancingv2.listener",
    "elbv2.rule": "elasticloadbalancingv2.listenerrule",
    "elbv2.load_balancer": "elasticloadbalancingv2.loadbalancer",
    "elbv2.target_group": "elasticloadbalancingv2.targetgroup",
    "acm.certificate": "certificatemanager.certificate",
    "iam.open_id_connect_provider": "iam.oidcprovider",
    "iam.policy": "iam.managedpolicy",
}

# Where CloudFormation replaces and the API can change, or the other way round, and why.
DIFFERENT = {
    "application_autoscaling.scaling_policy": {
        "PolicyType": "the settings of the other type would stay, and a new policy costs nothing"
    },
    "dynamodb.table": {"AttributeDefinitions": "they change with indexes, which we leave alone"},
    "ec2.address": {
        "Domain": "no operation changes it",
        "PublicIpv4Pool": "no operation changes it",
    },
    "kms.key": {
        "KeySpec": "no operation changes it",
        "KeyUsage": "no operation changes it",
        "MultiRegion": "no operation changes it",
    },
    "elasticache.cache_parameter_group": {"Description": "no operation changes it"},
    "logs.log_group": {"logGroupClass": "no operation changes it"},
    "ssm.parameter": {"Type": "AWS refuses another type: HierarchyTypeMismatchException"},
    "wafv2.ip_set": {"IPAddressVersion": "no operation changes it"},
}


def theirs(name):
    """What CloudFormation says of our type's properties; nothing of a type that it has not."""
    known = json.loads(CREATE_ONLY.read_text())["types"]
    ours = CALLED.get(name, name).replace("_", "").lower()
    spelled = {each.removeprefix("AWS::").replace("::", ".").lower(): each for each in known}
    found = spelled.get(ours)
    return known[found] if found else {"createOnly": [], "updatable": []}
