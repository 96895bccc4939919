"""YAML that is right, the one thing that breaks a rule in it, and what is said then."""

NET = """
ec2.vpc: {main: {CidrBlock: 10.0.0.0/16}, other: {CidrBlock: 10.1.0.0/16}}
ec2.subnet:
  a: {VpcId: '${ec2.vpc/main.VpcId}', CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-central-1a}
  b: {VpcId: '${ec2.vpc/main.VpcId}', CidrBlock: 10.0.2.0/24, AvailabilityZone: eu-central-1b}
  c: {VpcId: '${ec2.vpc/other.VpcId}', CidrBlock: 10.1.3.0/24, AvailabilityZone: eu-central-1a}
  d: {VpcId: '${ec2.vpc/main.VpcId}', CidrBlock: 10.0.4.0/24, AvailabilityZone: eu-central-1a}
ec2.security_group:
  tasks: {VpcId: '${ec2.vpc/main.VpcId}', Description: Tasks}
  others: {VpcId: '${ec2.vpc/other.VpcId}', Description: Others}
"""

FRONT = (
    NET
    + """
acm.certificate:
  api.example.com: {}
  far: {DomainName: api.example.com, $region: gulf}
elbv2.load_balancer:
  front:
    Type: application
    Subnets: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/b.SubnetId}']
    Attributes:
      - {Key: access_logs.s3.enabled, Value: 'true'}
      - {Key: access_logs.s3.bucket, Value: '${s3.bucket/traffic.Bucket}'}
s3.bucket:
  traffic:
    Policy:
      Version: '2012-10-17'
      Statement:
        - Effect: Allow
          Principal: {Service: logdelivery.elasticloadbalancing.amazonaws.com}
          Action: s3:PutObject
          Resource: arn:aws:s3:::traffic/*
elbv2.target_group:
  web: {VpcId: '${ec2.vpc/main.VpcId}', TargetType: ip, Protocol: HTTP, Port: 80}
  rpc: {VpcId: '${ec2.vpc/main.VpcId}', TargetType: ip, ProtocolVersion: GRPC}
elbv2.listener:
  open:
    LoadBalancerArn: ${elbv2.load_balancer/front.LoadBalancerArn}
    Port: 80
    Protocol: HTTP
    DefaultActions: [{Type: forward, TargetGroupArn: '${elbv2.target_group/web.TargetGroupArn}'}]
  secret:
    LoadBalancerArn: ${elbv2.load_balancer/front.LoadBalancerArn}
    Port: 443
    Protocol: HTTPS
    SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06
    Certificates: [{CertificateArn: '${acm.certificate/api.example.com.CertificateArn}'}]
    DefaultActions:
      - Type: forward
        ForwardConfig:
          TargetGroups: [{TargetGroupArn: '${elbv2.target_group/rpc.TargetGroupArn}'}]
elbv2.rule:
  $defaults:
    Conditions: [{Field: path-pattern, PathPatternConfig: {Values: [/a]}}]
    Actions: [{Type: forward, TargetGroupArn: '${elbv2.target_group/web.TargetGroupArn}'}]
  first: {ListenerArn: '${elbv2.listener/open.ListenerArn}', Priority: 1}
  second: {ListenerArn: '${elbv2.listener/open.ListenerArn}', Priority: 2}
  third:
    ListenerArn: ${elbv2.listener/secret.ListenerArn}
    Priority: 3
    Actions: [{Type: forward, TargetGroupArn: '${elbv2.target_group/rpc.TargetGroupArn}'}]
ecs.cluster: {main: {}}
iam.role:
  starter:
    AssumeRolePolicyDocument: &trust
      Statement:
        {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}
ecs.task_definition:
  web:
    requiresCompatibilities: [FARGATE]
    networkMode: awsvpc
    cpu: '256'
    memory: '512'
    executionRoleArn: ${iam.role/starter.Arn}
    containerDefinitions:
      - {name: app, image: 'nginx:1', portMappings: [{containerPort: 8080}]}
      - {name: log, image: '${input.some}'}
ecs.service:
  web:
    cluster: ${ecs.cluster/main.clusterArn}
    taskDefinition: ${ecs.task_definition/web.taskDefinitionArn}
    launchType: FARGATE
    networkConfiguration:
      awsvpcConfiguration:
        subnets: ['${ec2.subnet/a.SubnetId}']
        securityGroups: ['${ec2.security_group/tasks.GroupId}']
    loadBalancers:
      - targetGroupArn: ${elbv2.target_group/web.TargetGroupArn}
        containerName: app
        containerPort: 8080
"""
)

MEDIA = """
acm.certificate:
  example.com: {SubjectAlternativeNames: ['*.example.com'], $region: edge}
  home: {DomainName: media.example.com, SubjectAlternativeNames: ['*.example.com']}
cloudfront.distribution:
  $defaults:
    Comment: ''
    Enabled: true
    DefaultCacheBehavior: {TargetOriginId: a, ViewerProtocolPolicy: allow-all}
    Origins: {Items: [{Id: a, DomainName: a.example.org, CustomOriginConfig: {HTTPPort: 80}}]}
    ViewerCertificate:
      ACMCertificateArn: ${acm.certificate/example.com.CertificateArn}
      SSLSupportMethod: sni-only
  media: {Aliases: {Items: [media.example.com, example.com]}}
  news: {Aliases: {Items: [news.example.com]}}
"""

ZONES = """
route53.hosted_zone: {example.com: {}, example.net: {}}
route53.record_sets:
  first:
    HostedZoneId: ${route53.hosted_zone/example.com.Id}
    ResourceRecordSets:
      - {Name: example.com, Type: TXT, TTL: 60, ResourceRecords: [{Value: '"a"'}]}
      - {Name: api.example.com, Type: CNAME, TTL: 60, ResourceRecords: [{Value: a.example.net}]}
      - {Name: www.example.com, Type: A, AliasTarget: {DNSName: a.example.net, HostedZoneId: Z1}}
  second:
    HostedZoneId: ${route53.hosted_zone/example.com.Id}
    ResourceRecordSets:
      - {Name: Mail.example.com, Type: MX, TTL: 60, ResourceRecords: [{Value: 1 a.example.net}]}
  third:
    HostedZoneId: ${route53.hosted_zone/example.net.Id}
    ResourceRecordSets:
      - {Name: api.example.net., Type: A, TTL: 60, ResourceRecords: [{Value: 192.0.2.1}]}
"""

DATA = (
    NET
    + """
rds.db_subnet_group:
  data:
    DBSubnetGroupDescription: Data
    SubnetIds: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/b.SubnetId}']
elasticache.cache_subnet_group:
  cache:
    CacheSubnetGroupDescription: Cache
    SubnetIds: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/b.SubnetId}', '${ec2.subnet/d.SubnetId}']
elasticache.replication_group:
  cache:
    ReplicationGroupDescription: Cache
    CacheNodeType: cache.t4g.micro
    Engine: redis
    NumCacheClusters: 2
    AutomaticFailoverEnabled: true
    MultiAZEnabled: true
    CacheSubnetGroupName: ${elasticache.cache_subnet_group/cache.CacheSubnetGroupName}
"""
)

WAKING = """
iam.role:
  main:
    AssumeRolePolicyDocument:
      Version: '2012-10-17'
      Statement:
        - Effect: Allow
          Principal: {Service: lambda.amazonaws.com}
          Action: sts:AssumeRole
    Policies:
      - PolicyName: own
        PolicyDocument:
          Version: '2012-10-17'
          Statement:
            - {Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::own/$${aws:username}'}
lambda.function:
  main:
    Role: ${iam.role/main.Arn}
    PackageType: Image
    Code: {ImageUri: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/main:1'}
    Environment: {Variables: {WORD: one}}
    Permissions:
      - StatementId: rule
        Action: lambda:InvokeFunction
        Principal: events.amazonaws.com
        SourceArn: ${events.rule/main.Arn}
sns.topic:
  main:
    Policy:
      Version: '2012-10-17'
      Statement:
        - Effect: Allow
          Principal: {Service: events.amazonaws.com}
          Action: [sns:Publish]
          Resource: '*'
events.rule:
  main:
    ScheduleExpression: rate(5 minutes)
    Targets:
      - {Id: function, Arn: '${lambda.function/main.FunctionArn}'}
      - {Id: topic, Arn: '${sns.topic/main.TopicArn}'}
"""

LOGS = """
s3.bucket:
  trail-logs:
    Policy:
      Version: '2012-10-17'
      Statement:
        - Effect: Allow
          Principal: {Service: cloudtrail.amazonaws.com}
          Action: s3:GetBucketAcl
          Resource: arn:aws:s3:::trail-logs
        - Effect: Allow
          Principal: {Service: [cloudtrail.amazonaws.com]}
          Action: s3:Put*
          Resource: arn:aws:s3:::trail-logs/*
  aws-waf-logs-main: {}
cloudtrail.trail: {main: {S3BucketName: '${s3.bucket/trail-logs.Bucket}', IsLogging: true}}
wafv2.web_acl:
  main:
    Scope: REGIONAL
    DefaultAction: {Allow: {}}
    VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: m}
    LoggingConfiguration: {LogDestinationConfigs: ['${s3.bucket/aws-waf-logs-main.BucketArn}']}
"""

ALARMS = (
    FRONT
    + """
cloudwatch.alarm:
  busy:
    Namespace: AWS/ECS
    MetricName: CPUUtilization
    Statistic: Average
    Period: 60
    EvaluationPeriods: 1
    Threshold: 80
    ComparisonOperator: GreaterThanThreshold
    Dimensions: [{Name: ClusterName, Value: main}, {Name: ServiceName, Value: web}]
  errors:
    EvaluationPeriods: 1
    Threshold: 1
    ComparisonOperator: GreaterThanThreshold
    Metrics:
      - Id: a
        MetricStat:
          Period: 60
          Stat: Sum
          Metric:
            Namespace: AWS/ApplicationELB
            MetricName: HTTPCode_ELB_5XX_Count
            Dimensions: [{Name: LoadBalancer, Value: app/front/0123456789abcdef}]
"""
)

RELEASE = """
iam.role:
  it:
    AssumeRolePolicyDocument:
      Version: '2012-10-17'
      Statement: [{Effect: Allow, Principal: {Service: x.amazonaws.com}, Action: sts:AssumeRole}]
s3.bucket: {near: {}, far: {$region: edge}}
codeconnections.connection: {github: {ProviderType: GitHub}}
codebuild.project:
  web:
    serviceRole: ${iam.role/it.Arn}
    source: {type: CODEPIPELINE}
    artifacts: {type: CODEPIPELINE}
    environment: &small {type: LINUX_CONTAINER, image: i, computeType: BUILD_GENERAL1_SMALL}
  tests:
    serviceRole: ${iam.role/it.Arn}
    source: {type: GITHUB, location: 'https://github.com/muvi/web'}
    artifacts: {type: NO_ARTIFACTS}
    environment: *small
  inline:
    serviceRole: ${iam.role/it.Arn}
    source: {type: NO_SOURCE, buildspec: 'version: 0.2'}
    artifacts: {type: NO_ARTIFACTS}
    environment: *small
codepipeline.pipeline:
  web:
    roleArn: ${iam.role/it.Arn}
    artifactStore: {type: S3, location: '${s3.bucket/near.Bucket}'}
    pipelineType: V2
    variables: [{name: reason, defaultValue: a push}]
    stages:
      - name: Source
        actions:
          - name: Source
            actionTypeId:
              {category: Source, owner: AWS, provider: CodeStarSourceConnection, version: '1'}
            configuration:
              ConnectionArn: ${codeconnections.connection/github.ConnectionArn}
              FullRepositoryId: muvi/web
              BranchName: main
            outputArtifacts: [{name: code}]
      - name: Build
        actions:
          - name: Build
            actionTypeId: {category: Build, owner: AWS, provider: CodeBuild, version: '1'}
            configuration: {ProjectName: '${codebuild.project/web.name}'}
            inputArtifacts: [{name: code}]
            outputArtifacts: [{name: image}]
      - name: Deploy
        actions:
          - name: Approve
            actionTypeId: {category: Approval, owner: AWS, provider: Manual, version: '1'}
          - name: Deploy
            actionTypeId: {category: Deploy, owner: AWS, provider: ECS, version: '1'}
            runOrder: 2
            configuration: {ClusterName: main, ServiceName: web}
            inputArtifacts: [{name: image}]
"""

BROKEN = {
    "a distribution's certificate in another region": (
        MEDIA,
        (
            "      ACMCertificateArn: ${acm.certificate/example.com.CertificateArn}",
            "      ACMCertificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1'",
        ),
        ("stands in eu-west-1, but CloudFront takes certificates from us-east-1 only", "$region"),
    ),
    "a distribution's certificate that is declared in another region": (
        MEDIA.replace("[media.example.com, example.com]", "[media.example.com]"),
        ("acm.certificate/example.com.Cert", "acm.certificate/home.Cert"),
        ("is acm.certificate/home, which stands in eu-central-1", "make it there"),
    ),
    "an alias that the certificate does not cover": (
        MEDIA,
        ("media.example.com, example.com", "media.example.com, example.net"),
        (
            "Aliases.Items[1] is example.net, which acm.certificate/example.com does not cover "
            "(example.com, *.example.com)",
            "SubjectAlternativeNames",
        ),
    ),
    "an alias two labels below a wildcard": (
        MEDIA,
        ("Items: [news.", "Items: [de.news."),
        "is de.news.example.com, which acm.certificate/example.com does not cover",
    ),
    "the apex, which a wildcard does not cover": (
        MEDIA,
        ("  example.com: {Subj", "  example.com: {DomainName: a.example.com, Subj"),
        "Aliases.Items[1] is example.com, which acm.certificate/example.com does not cover (a.exa",
    ),
    "two distributions with one alias": (
        MEDIA,
        ("[news.example.com]", "[example.com]"),
        (
            "is example.com, which cloudfront.distribution/media (desired/test/shop.yaml:",
            "has already, and AWS gives a name to one distribution only",
        ),
    ),
    "a listener's certificate in another region": (
        FRONT,
        (
            "{CertificateArn: '${acm.certificate/api.example.com.",
            "{CertificateArn: '${acm.certificate/far.",
        ),
        ("is acm.certificate/far, which stands in me-central-1", "its own region, eu-central-1"),
    ),
    "an HTTPS listener without a certificate": (
        FRONT,
        (
            "    Certificates: "
            "[{CertificateArn: '${acm.certificate/api.example.com.CertificateArn}'}]\n",
            "",
        ),
        ("Protocol is HTTPS, but the listener has no Certificates", "add Certificates: [{"),
    ),
    "an HTTPS listener without a policy": (
        FRONT,
        ("    SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06\n", ""),
        "has no SslPolicy, so AWS would take an old one; add SslPolicy: ELBSec",
    ),
    "gRPC by default in the clear": (
        FRONT,
        (
            "    Protocol: HTTP\n    DefaultActions: [{Type: forward, TargetGroupArn: "
            "'${elbv2.target_group/web.",
            "    Protocol: HTTP\n    DefaultActions: [{Type: forward, TargetGroupArn: "
            "'${elbv2.target_group/rpc.",
        ),
        ("is elbv2.target_group/rpc, which speaks gRPC, but elbv2.listener/open is HTTP", "make "),
    ),
    "gRPC by a rule in the clear": (
        FRONT,
        ("ListenerArn: ${elbv2.listener/secret.", "ListenerArn: ${elbv2.listener/open."),
        ("is elbv2.target_group/rpc, which speaks gRPC, but elbv2.listener/open is HTTP", "make "),
    ),
    "connections forwarded as requests": (
        FRONT
        + "---\nelbv2.target_group: {raw: {TargetType: ip, Protocol: TCP, VpcId: vpc-0123}}\n",
        (
            "    Actions: [{Type: forward, TargetGroupArn: '${elbv2.target_group/rpc.",
            "    Actions: [{Type: forward, TargetGroupArn: '${elbv2.target_group/raw.",
        ),
        (
            "is elbv2.target_group/raw, whose Protocol is TCP, but elbv2.listener/secret is HTTPS",
            "so AWS would refuse it; make the group's HTTPS",
        ),
    ),
    "one port twice on a load balancer": (
        FRONT,
        ("Port: 443", "Port: 80"),
        ("both have one LoadBalancerArn, Port, and AWS takes it once", "change it in one of"),
    ),
    "one priority twice on a listener": (
        FRONT,
        ("Priority: 2", "Priority: 1"),
        ("is the same object as elbv2.rule/first", "both have one ListenerArn, Priority"),
    ),
    "a load balancer in one subnet": (
        FRONT,
        (
            "    Subnets: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/b.SubnetId}']",
            "    Subnets: [subnet-0123]",
        ),
        ("are a single one, but a load balancer needs two zones", "add a"),
    ),
    "a load balancer in two subnets of one zone": (
        FRONT,
        (
            "    Subnets: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/b.SubnetId}']",
            "    Subnets: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/d.SubnetId}']",
        ),
        "are all in eu-central-1a, but a load balancer needs two zones",
    ),
    "a DB subnet group in one zone": (
        DATA,
        (
            "Data\n    SubnetIds: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/b.SubnetId}']",
            "Data\n    SubnetIds: ['${ec2.subnet/a.SubnetId}', '${ec2.subnet/d.SubnetId}']",
        ),
        "SubnetIds are all in eu-central-1a, but a DB subnet group needs two zones",
    ),
    "a cache for several zones in one": (
        DATA,
        ("'${ec2.subnet/b.SubnetId}', '${ec2.subnet/d.SubnetId}'", "'${ec2.subnet/d.SubnetId}'"),
        ("whose subnets are all in eu-central-1a, but MultiAZEnabled needs two zones", "add a"),
    ),
    "a container that the task definition has not": (
        FRONT,
        ("containerName: app", "containerName: apps"),
        (
            "loadBalancers[0].containerName is apps, but ecs.task_definition/web has no such "
            "container, so ECS would refuse the service; it has app, log. Did you mean app?",
        ),
    ),
    "a port that the container does not open": (
        FRONT,
        ("        containerPort: 8080", "        containerPort: 8081"),
        (
            "containerPort is 8081, which container app of ecs.task_definition/web does not open",
            "add it to the portMappings",
        ),
    ),
    "a port that the container opens for another protocol": (
        FRONT,
        (
            "portMappings: [{containerPort: 8080}]",
            "portMappings: [{containerPort: 8080, protocol: udp}]",
        ),
        (
            "containerPort is 8080, which the container opens for udp, but elbv2.target_group/web "
            "speaks HTTP, so nothing would arrive; write protocol: tcp",
        ),
    ),
    "a target group of instances for tasks with addresses": (
        FRONT,
        ("TargetType: ip, Protocol: HTTP, ", "TargetType: instance, Protocol: HTTP, "),
        ("is elbv2.target_group/web, whose TargetType is instance", "make it ip"),
    ),
    "a target group of a service that nothing forwards to": (
        FRONT + "---\nelbv2.target_group: {lone: {TargetType: ip, VpcId: vpc-0123}}\n",
        (
            "      - targetGroupArn: ${elbv2.target_group/web.TargetGroupArn}",
            "      - targetGroupArn: ${elbv2.target_group/lone.TargetGroupArn}",
        ),
        "is elbv2.target_group/lone, to which no listener or rule forwards, so ECS would refuse",
    ),
    "a Fargate service without a network": (
        FRONT,
        (
            """    networkConfiguration:
      awsvpcConfiguration:
        subnets: ['${ec2.subnet/a.SubnetId}']
        securityGroups: ['${ec2.security_group/tasks.GroupId}']
""",
            "",
        ),
        ("runs on Fargate without networkConfiguration", "add {awsvpcConfiguration: {subnets:"),
    ),
    "tasks in another network than the target group": (
        FRONT,
        (
            "        subnets: ['${ec2.subnet/a.SubnetId}']",
            "        subnets: ['${ec2.subnet/c.SubnetId}']",
        ),
        (
            "is ec2.subnet/c of ec2.vpc/other, but the service's target group is in ec2.vpc/main",
            "ta",
        ),
    ),
    "a security group of another network": (
        FRONT,
        (
            "securityGroups: ['${ec2.security_group/tasks",
            "securityGroups: ['${ec2.security_group/others",
        ),
        "securityGroups[0] is ec2.security_group/others of ec2.vpc/other",
    ),
    "access logs in another region": (
        FRONT.replace("  traffic:\n", "  traffic:\n    $region: eu-central-1\n"),
        ("$region: eu-central-1", "$region: gulf"),
        ("is s3.bucket/traffic, which stands in me-central-1", "make one there"),
    ),
    "access logs that nobody may write": (
        FRONT,
        ("          Action: s3:PutObject", "          Action: s3:GetObject"),
        (
            "does not let logdelivery.elasticloadbalancing.amazonaws.com s3:PutObject, so AWS "
            "would refuse the access logs; add a statement",
        ),
    ),
    "access logs by account in a region that has none": (
        FRONT.replace("  front:\n", "  front:\n    $region: gulf\n")
        .replace("  traffic:\n", "  traffic:\n    $region: gulf\n")
        .replace("elbv2.listener:\n", "elbv2.listener:\n  $region: gulf\n")
        .replace("api.example.com.Cert", "far.Cert"),
        (
            "{Service: logdelivery.elasticloadbalancing.amazonaws.com}",
            "{AWS: 'arn:aws:iam::127311923021:root'}",
        ),
        "does not let logdelivery.elasticloadbalancing.amazonaws.com s3:PutObject",
    ),
    "a trail that may not ask for the bucket's ACL": (
        LOGS,
        ("Action: s3:GetBucketAcl", "Action: s3:GetBucketPolicy"),
        ("does not let cloudtrail.amazonaws.com s3:GetBucketAcl, so AWS would refuse the", "add"),
    ),
    "a trail that may not write": (
        LOGS,
        ("Action: s3:Put*", "Action: s3:List*"),
        "S3BucketName is s3.bucket/trail-logs, whose Policy does not let cloudtrail.amazonaws.com",
    ),
    "a bucket that WAF does not know for its own": (
        LOGS,
        ("s3.bucket/aws-waf-logs-main.B", "s3.bucket/trail-logs.B"),
        ("is s3.bucket/trail-logs, but WAF writes only to", "name it aws-waf-logs-trail-logs"),
    ),
    "a firewall of distributions in another region": (
        LOGS.replace(
            "  main:\n    Scope: REGIONAL", "  main:\n    $region: edge\n    Scope: CLOUDFRONT"
        ),
        ("    $region: edge\n", ""),
        ("Scope is CLOUDFRONT, which WAF knows in us-east-1 only", "($region), or write REGIONAL"),
    ),
    "a firewall of distributions that names a load balancer": (
        LOGS.replace(
            "    Scope: REGIONAL",
            "    Scope: REGIONAL\n    ResourceArns: ['arn:aws:elasticloadbalancing:"
            "eu-central-1:123456789012:loadbalancer/app/a/b']",
        ),
        (
            "  main:\n    Scope: REGIONAL",
            "  main:\n    $region: edge\n    Scope: CLOUDFRONT",
        ),
        ("ResourceArns stands beside Scope CLOUDFRONT", "as WebACLId of each"),
    ),
    "a distribution behind a firewall of load balancers": (
        MEDIA
        + """
---
cloudfront.distribution:
  guarded:
    Comment: ''
    Enabled: true
    DefaultCacheBehavior: {TargetOriginId: a, ViewerProtocolPolicy: allow-all}
    Origins: {Items: [{Id: a, DomainName: a.example.org, CustomOriginConfig: {HTTPPort: 80}}]}
    WebACLId: ${wafv2.web_acl/edge.ARN}
wafv2.web_acl:
  $defaults:
    DefaultAction: {Allow: {}}
    VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: m}
  edge: {Scope: CLOUDFRONT, $region: edge}
  home: {Scope: REGIONAL}
""",
        ("WebACLId: ${wafv2.web_acl/edge.ARN}", "WebACLId: ${wafv2.web_acl/home.ARN}"),
        ("is wafv2.web_acl/home, whose Scope is REGIONAL", "name one whose Scope is CLOUDFRONT"),
    ),
    "an alarm about a service that there is not": (
        ALARMS,
        ("Value: web}", "Value: wed}"),
        (
            "Dimensions[1].Value is wed, but no ecs.service of that name is declared",
            "write a reference, such as ${ecs.service/NAME.serviceName}. Did you mean web?",
        ),
    ),
    "an alarm about a load balancer that there is not": (
        ALARMS,
        ("app/front/", "app/back/"),
        ("no elbv2.load_balancer of that name is declared", "NAME.LoadBalancerFullName}"),
    ),
    "a function that does not let a rule in": (
        WAKING,
        ("        Principal: events.amazonaws.com", "        Principal: s3.amazonaws.com"),
        (
            "Targets[0].Arn is lambda.function/main, whose Permissions do not let this rule",
            "SourceArn: '${events.rule/main.Arn}'",
        ),
    ),
    "a function that lets another rule in": (
        WAKING,
        (
            "        SourceArn: ${events.rule/main.Arn}",
            "        SourceArn: arn:aws:events:eu-central-1:123456789012:rule/other",
        ),
        "Targets[0].Arn is lambda.function/main, whose Permissions do not let this rule",
    ),
    "a topic that does not let a rule in": (
        WAKING,
        ("Action: [sns:Publish]", "Action: [sns:Subscribe]"),
        ("is sns.topic/main, whose Policy does not let events.amazonaws.com sns:Publish", "add a"),
    ),
    "bounds of scaling the wrong way round": (
        FRONT
        + """
application_autoscaling.scalable_target:
  web:
    ServiceNamespace: ecs
    ResourceId: service/main/web
    ScalableDimension: ecs:service:DesiredCount
    MinCapacity: 1
    MaxCapacity: 2
""",
        ("    MinCapacity: 1", "    MinCapacity: 3"),
        "MinCapacity is 3, which is more than MaxCapacity, 2, so AWS would refuse both; swap them",
    ),
    "two internet gateways of one network": (
        NET
        + """
ec2.internet_gateway:
  one: {VpcId: '${ec2.vpc/main.VpcId}'}
  two: {VpcId: '${ec2.vpc/other.VpcId}'}
""",
        ("two: {VpcId: '${ec2.vpc/other", "two: {VpcId: '${ec2.vpc/main"),
        ("is ec2.vpc/main, which has ec2.internet_gateway/one (", "take one of the two out"),
    ),
    "logs kept for a number of days that there is not": (
        "logs.log_group: {/web: {retentionInDays: 30}}\n",
        ("retentionInDays: 30", "retentionInDays: 45"),
        "retentionInDays is 45, which AWS would refuse; it takes 1, 3, 5, 7, 14, 30, 60",
    ),
    "six targets of one rule": (
        WAKING,
        (
            "    Targets:\n",
            "    Targets:\n"
            + "".join(
                f"      - {{Id: q{n}, Arn: 'arn:aws:sqs:eu-central-1:1:{n}'}}\n" for n in "1234"
            ),
        ),
        "Targets has 6 members; AWS takes at most 5, so split it",
    ),
    "variables of more than 4 KB": (
        WAKING,
        ("WORD: one", f"WORD: {'a' * 4096}"),
        "Environment.Variables takes 4107 characters, but AWS takes 4096 in all; shorten it",
    ),
    "a policy of more than AWS takes": (
        WAKING,
        ("own/$${aws:username}", f"own/{'a' * 10240}"),
        "Policies[0].PolicyDocument takes 10",
    ),
    "two roles whose names only capitals tell apart": (
        WAKING + "---\niam.role: {other: {AssumeRolePolicyDocument: '${input.some}'}}\n",
        ("iam.role: {other:", "iam.role: {Main:"),
        ("RoleName is Main, and iam.role/main (", "takes for the same name", "choose another"),
    ),
    "a CNAME at the zone's own name": (
        ZONES,
        ("Name: api.example.net., Type: A", "Name: example.net., Type: CNAME"),
        (
            "Type is CNAME for example.net, the zone's own name, where AWS takes none; write "
            "Type: A with an AliasTarget",
        ),
    ),
    "a record outside its zone": (
        ZONES,
        ("Name: www.example.com", "Name: www"),
        ("is www, which is outside the zone example.com", "write www.example.com, or move it"),
    ),
    "a CNAME beside another record": (
        ZONES,
        ("Name: Mail.example.com", "Name: API.example.com"),
        (
            "Type is CNAME for api.example.com, but route53.record_sets/second (",
            "has it with another type, and a CNAME stands alone; take one of the two out",
        ),
    ),
    "a record twice": (
        ZONES,
        ("Name: Mail.example.com, Type: MX", "Name: www.example.com, Type: A"),
        "is www.example.com (A) once more: route53.record_sets/first (desired/test/shop.yaml:",
    ),
    "an alias that does not say where": (
        ZONES,
        (", HostedZoneId: Z1}", "}"),
        ("AliasTarget lacks HostedZoneId", "add it, such as ${elbv2.load_balancer/NAME.Canonical"),
    ),
    "a policy variable that is not escaped": (
        WAKING,
        ("$${aws:username}", "${aws:username}"),
        (
            "${aws:username} is IAM's own variable; write $${aws:username}, so that it reaches AWS",
            "iam.role/main",
        ),
    ),
    "a policy without statements": (
        WAKING,
        (
            """        - Effect: Allow
          Principal: {Service: lambda.amazonaws.com}
          Action: sts:AssumeRole
""",
            "        []\n",
        ),
        "AssumeRolePolicyDocument is no policy, so AWS would refuse it; write {Version:",
    ),
    "a statement without an effect": (
        WAKING,
        ("{Effect: Allow, Action: 's3:*'", "{Action: 's3:*'"),
        "Policies[0].PolicyDocument.Statement[0] has no Effect, so AWS would refuse the policy; wr",
    ),
    "a statement with another effect": (
        WAKING,
        ("{Effect: Allow, Action: 's3:*'", "{Effect: allow, Action: 's3:*'"),
        "Statement[0] has Effect allow, so AWS would refuse the policy; write Effect: Allow or",
    ),
    "a statement without an action": (
        WAKING,
        ("{Effect: Allow, Action: 's3:*'", "{Effect: Allow"),
        "Policies[0].PolicyDocument.Statement[0] has no Action, so AWS would refuse the policy",
    ),
    "a policy in JSON without an effect": (
        WAKING.replace(
            "          Version: '2012-10-17'\n          Statement:\n            - {Effect: Allow, "
            "Action: 's3:*', Resource: 'arn:aws:s3:::own/$${aws:username}'}\n",
            """          '{"Statement": {"Effect": "Allow", "Action": "s3:*", """
            """"Resource": "${input.some}"}}'\n""",
        ),
        ('"Effect": "Allow", ', ""),
        "Policies[0].PolicyDocument.Statement has no Effect",
    ),
    "a policy in JSON that is a list": (
        WAKING,
        (
            """
          Version: '2012-10-17'
          Statement:
            - {Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::own/$${aws:username}'}
""",
            """ '["${input.some}"]'\n""",
        ),
        "Policies[0].PolicyDocument is no policy, so AWS would refuse it",
    ),
    "a type in a region that has it not": (
        RELEASE,
        ("{ProviderType: GitHub}", "{ProviderType: GitHub, $region: gulf}"),
        "stands in me-central-1, where AWS has no codeconnections.connection",
    ),
    "a connection to nowhere": (
        RELEASE,
        ("{ProviderType: GitHub}", "{}"),
        "needs either ProviderType or HostArn",
    ),
    "a project between a pipeline and a bucket": (
        RELEASE,
        ("artifacts: {type: CODEPIPELINE}", "artifacts: {type: S3, location: b}"),
        "is S3, but the source's type is CODEPIPELINE",
    ),
    "a project without its code": (
        RELEASE,
        (", location: 'https://github.com/muvi/web'", ""),
        "is GITHUB without a location",
    ),
    "a project without anything to do": (
        RELEASE,
        ("{type: NO_SOURCE, buildspec: 'version: 0.2'}", "{type: NO_SOURCE}"),
        "is NO_SOURCE without a buildspec",
    ),
    "a pipeline that begins with something else": (
        RELEASE,
        ("category: Source,", "category: Test,"),
        "is Test in stage 1, but the first stage of a pipeline, and no other",
    ),
    "a source in a later stage": (
        RELEASE,
        ("category: Build,", "category: Source,"),
        "is Source in stage 2",
    ),
    "a pipeline of one stage": (
        RELEASE[: RELEASE.index("      - name: Build")] + "      - {name: Last, actions: []}\n",
        ("      - {name: Last, actions: []}\n", ""),
        "is the only stage",
    ),
    "two stages of one name": (
        RELEASE,
        ("- name: Build\n        actions", "- name: Source\n        actions"),
        "as another stage before it is called",
    ),
    "two actions of one name": (
        RELEASE,
        ("- name: Approve", "- name: Deploy"),
        "as another action before it is called",
    ),
    "an artifact that nobody makes": (
        RELEASE,
        ("inputArtifacts: [{name: image}]", "inputArtifacts: [{name: picture}]"),
        "is picture, which no action before makes",
    ),
    "an artifact that is made twice": (
        RELEASE.replace("inputArtifacts: [{name: image}]", "inputArtifacts: [{name: code}]"),
        ("outputArtifacts: [{name: image}]", "outputArtifacts: [{name: code}]"),
        "is code, which another action makes already",
    ),
    "an action that is not told where": (
        RELEASE,
        ("ClusterName: main, ", ""),
        "lacks ClusterName, without which AWS refuses the action",
    ),
    "a token in a pipeline": (
        RELEASE,
        ("FullRepositoryId: muvi/web", "FullRepositoryId: muvi/web\n              OAuthToken: abc"),
        ("is a token, which anybody", "codeconnections.connection"),
    ),
    "a pipeline without a store": (
        RELEASE,
        ("    artifactStore: {type: S3, location: '${s3.bucket/near.Bucket}'}\n", ""),
        "has neither artifactStore nor artifactStores",
    ),
    "a pipeline with two kinds of store": (
        RELEASE,
        (
            "    pipelineType: V2\n",
            "    pipelineType: V2\n    artifactStores: {eu-central-1: {type: S3, location: b-1}}\n",
        ),
        "stands beside artifactStore",
    ),
    "a pipeline that stores elsewhere": (
        RELEASE,
        ("${s3.bucket/near.Bucket}", "${s3.bucket/far.Bucket}"),
        ("is s3.bucket/far, which stands in us-east-1", "make a bucket there"),
    ),
    "a variable of a pipeline of type V1": (
        RELEASE,
        ("pipelineType: V2", "pipelineType: V1"),
        "needs a pipeline of type V2",
    ),
    "a project that does not build for pipelines": (
        RELEASE,
        ("codebuild.project/web.name", "codebuild.project/tests.name"),
        "is codebuild.project/tests, whose source is GITHUB",
    ),
}

OPEN = {  # what takes the place of what is wrong, so that nobody can know
    "a distribution's certificate in another region": "      ACMCertificateArn: ${input.some}",
    "an alias two labels below a wildcard": "Items: ['${input.some}', news.",
    "an HTTPS listener without a policy": "    $initial: {SslPolicy: ELBSecurityPolicy-2016-08}\n",
    "an HTTPS listener without a certificate": "    Certificates: ${input.some}\n",
    "a load balancer in one subnet": "    Subnets: ['${ec2.subnet/a.SubnetId}', subnet-0123]",
    "a container that the task definition has not": "containerName: ${input.some}",
    "a target group of a service that nothing forwards to": (
        "      - targetGroupArn: ${input.some}"
    ),
    "a Fargate service without a network": "    networkConfiguration: ${input.some}\n",
    "access logs that nobody may write": "          Action: ${input.some}",
    "an alarm about a service that there is not": "Value: '${ecs.service/web.serviceName}'}",
    "a function that does not let a rule in": "        Principal: ${input.some}",
    "a function that lets another rule in": "        SourceArn: ${input.some}",
    "a record outside its zone": "Name: '${input.some}'",
    "a statement without an effect": "{Effect: '${input.some}', Action: 's3:*'",
    "a policy without statements": "        ${input.some}\n",
    "an artifact that nobody makes": "inputArtifacts: [{name: '${input.some}'}]",
    "a variable of a pipeline of type V1": "$initial: {pipelineType: V2}",
    "a pipeline without a store": "    $initial: {artifactStore: {type: S3, location: b-1}}\n",
}
