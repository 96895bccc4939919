"""The same of firewalls: groups of rules, and their logs."""

GUARDED = """
wafv2.web_acl:
  front:
    Scope: REGIONAL
    DefaultAction: {Allow: {}}
    VisibilityConfig: &seen
      {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: front}
    Rules:
      - Name: common
        Priority: 1
        OverrideAction: {None: {}}
        Statement:
          ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesCommonRuleSet}
        VisibilityConfig: *seen
      - Name: here
        Priority: 2
        Action: {Block: {}}
        Statement:
          NotStatement: {Statement: {GeoMatchStatement: {CountryCodes: [SA]}}}
        VisibilityConfig: *seen
    LoggingConfiguration:
      LogDestinationConfigs: ['arn:aws:s3:::aws-waf-logs-front']
      RedactedFields: [{QueryString: {}}]
"""

BROKEN = {
    "a group of rules that acts": (
        GUARDED,
        ("OverrideAction: {None: {}}", "Action: {Count: {}}"),
        ("Rules[0].Action stands beside a ManagedRuleGroupStatement", "write OverrideAction"),
    ),
    "a rule that is overridden": (
        GUARDED,
        ("Action: {Block: {}}", "OverrideAction: {Count: {}}"),
        ("Rules[1].OverrideAction stands beside no group of rules", "write Action"),
    ),
    "a group of rules inside of a statement": (
        GUARDED,
        (
            "GeoMatchStatement: {CountryCodes: [SA]}",
            "ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesLinuxRuleSet}",
        ),
        "Rules[1].Statement has a ManagedRuleGroupStatement inside of another statement",
    ),
    "logs in two places": (
        GUARDED,
        ("aws-waf-logs-front']", "aws-waf-logs-front', 'arn:aws:s3:::aws-waf-logs-more']"),
        "LogDestinationConfigs[1] is a second place for the logs",
    ),
    "a body left out of logs": (
        GUARDED,
        ("QueryString: {}", "Body: {}"),
        "RedactedFields[0].Body cannot be left out of logs",
    ),
}

OPEN = {
    "a group of rules that acts": "Action: ${input.some}",
    "a rule that is overridden": "OverrideAction: ${input.some}",
    "a body left out of logs": "QueryString: '${input.some}'",
}
