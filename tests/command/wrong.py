"""YAML that is wrong, by what is wrong with it: where it is told to be so, and the remedy."""

NETWORK = "ec2.vpc: {main: {CidrBlock: 10.0.0.0/16}}\n"
SUBNET = NETWORK + "ec2.subnet: {one: {CidrBlock: 10.0.1.0/24, VpcId: '%s'}}"

WRONG = {
    "an unknown type": (
        "ecr.repositry: {one: {}}",
        "1:1: ecr.repositry: is no type that we know",
        "Did you mean ecr.repository?",
    ),
    "an unknown property": (
        "ecr.repository:\n  one: {imageTagMutabilty: MUTABLE}",
        "2:28: ecr.repository/one: imageTagMutabilty is no property here",
        "Did you mean imageTagMutability?",
    ),
    "the value of a secret": (
        "secretsmanager.secret:\n  one: {SecretString: hunter2}",
        "2:23: secretsmanager.secret/one: SecretString is the secret itself",
        "aws secretsmanager put-secret-value --secret-id NAME --secret-string file://value.txt",
    ),
    "the value of a secure string": (
        "ssm.parameter:\n  /one: {Type: SecureString, Value: hunter2}",
        "2:37: ssm.parameter//one: Value is a secret",
        "declare an input in environment.yaml, and write ${input.NAME} here",
    ),
    "a secure string that looks like a reference": (
        "ssm.parameter:\n  /one: {Type: SecureString, Value: 'a${hunter2}b'}",
        "2:37: ssm.parameter//one: ${...} is no reference",
        "write ${type/name.output}",
    ),
    "an unknown key of ours": (
        "ecr.repository: {one: {$protcet: true}}",
        "1:34: ecr.repository/one: $protcet is no key of ours",
        "Did you mean $protect?",
    ),
    "a text for a number": (
        "logs.log_group:\n  one: {retentionInDays: two weeks}",
        "2:26: logs.log_group/one: retentionInDays must be a whole number",
        "but is “two weeks”",
    ),
    "a text for a boolean": (
        "ecr.repository: {one: {imageScanningConfiguration: {scanOnPush: yes}}}",
        "1:65: ecr.repository/one: imageScanningConfiguration.scanOnPush must be true or false",
        "YAML 1.2 has no other words for true and false",
    ),
    "a name of 33 characters for a load balancer": (
        "elbv2.load_balancer:\n  abcdefghijklmnopqrstuvwxyz1234567: "
        "{Subnets: [subnet-1, subnet-2]}",
        "2:3: elbv2.load_balancer/abcdefghijklmnopqrstuvwxyz1234567: Name is",
        "it takes 1-32 letters, digits and hyphens",
    ),
    "a required property that is missing": (
        "ec2.subnet:\n  one: {CidrBlock: 10.0.0.0/24}",
        "2:3: ec2.subnet/one: lacks VpcId, without which it cannot be created",
        "add it",
    ),
    "a reference to what is not declared": (
        SUBNET % "${ec2.vpc/mian.VpcId}",
        "2:51: ec2.subnet/one: refers to ec2.vpc/mian, which is not declared",
        "Did you mean ec2.vpc/main?",
    ),
    "a reference to an output that there is not": (
        SUBNET % "${ec2.vpc/main.VpcID}",
        "2:51: ec2.subnet/one: refers to VpcID of ec2.vpc/main, but ec2.vpc has no such output",
        "Did you mean VpcId?",
    ),
    "a variable of IAM's that is not escaped": (
        """
        iam.role:
          one:
            AssumeRolePolicyDocument:
              Statement: [{Effect: Allow, Action: x, Resource: 'home/${aws:username}'}]
        """,
        "5:56: iam.role/one: ${aws:username} is IAM's own variable",
        "write $${aws:username}",
    ),
    "the same address twice": (
        "ecr.repository: {one: {}}\n---\necr.repository: {one: {}}",
        "3:18: ecr.repository/one: is declared already at test/wrong.yaml:1:18",
        "rename or remove one",
    ),
    "a key twice": (
        "ecr.repository:\n  one: {}\n  one: {}",
        "3:3: one stands twice in one mapping (first in line 2)",
        "keep one",
    ),
    "a tab as indentation": (
        "ecr.repository:\n\tone: {}",
        "2:1: is not YAML",
        "the line is indented by a tab, and YAML takes spaces only",
    ),
    "no mapping": (
        "- ecr.repository\n",
        "1:1: is no mapping, so it declares nothing",
        "write type, name, properties",
    ),
    "an alias bomb": (
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "\n".join(
            f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
            for before, name in zip("abcde", "bcdef", strict=True)
        ),
        "*c: aliases unfold to more than 10000 values",
        "use $for_each or $defaults",
    ),
    "a cron that is none": (
        "events.rule:\n  one: {ScheduleExpression: cron(0 3 * * * *)}",
        "2:29: events.rule/one: ScheduleExpression is “cron(0 3 * * * *)”",
        "write ? for one of them",
    ),
    "a policy that is no JSON": (
        """
        iam.policy:
          one: {PolicyDocument: '{Statement'}
        """,
        "3:25: iam.policy/one: PolicyDocument must be a mapping",
        "write it in YAML; sound JSON is YAML, without quotes around it",
    ),
    "a folder of code that there is not": (
        """
        lambda.function:
          one:
            Runtime: nodejs22.x
            Handler: index.handler
            Role: arn:aws:iam::123456789012:role/it
            Code: {Folder: missing}
        """,
        "7:20: lambda.function/one: Code.Folder is no folder: there is no",
        "it counts from",
    ),
    "a bucket's name with capitals": (
        "s3.bucket:\n  MuviMedia: {}",
        "2:3: s3.bucket/MuviMedia: Bucket is “MuviMedia”, which AWS would refuse",
        "it takes 3 to 63 lower-case letters",
    ),
    "an alias of two distributions": (
        """
        cloudfront.distribution:
          $defaults:
            Comment: ''
            Enabled: true
            DefaultCacheBehavior: {TargetOriginId: a, ViewerProtocolPolicy: https-only}
            Origins: {Items: [{Id: a, DomainName: a.io, CustomOriginConfig: {HTTPPort: 80}}]}
          first: {Aliases: {Items: [media.example.com]}}
          second: {Aliases: {Items: [media.example.com]}}
        """,
        "9:30: cloudfront.distribution/second: Aliases.Items[0] is media.example.com",
        "AWS gives a name to one distribution only; take one of the two out",
    ),
    "a record beside a CNAME": (
        """
        route53.record_sets:
          one:
            HostedZoneId: Z1
            ResourceRecordSets:
              - {Name: a.example.com, Type: A, TTL: 60, ResourceRecords: [{Value: 192.0.2.1}]}
              - {Name: a.example.com, Type: CNAME, TTL: 60, ResourceRecords: [{Value: x.io}]}
        """,
        "7:37: route53.record_sets/one: ResourceRecordSets[1].Type is CNAME for a.example.com",
        "a CNAME stands alone; take one of the two out",
    ),
    "a firewall of distributions in another region": (
        """
        wafv2.web_acl:
          one:
            Scope: CLOUDFRONT
            DefaultAction: {Allow: {}}
            VisibilityConfig:
              SampledRequestsEnabled: true
              CloudWatchMetricsEnabled: true
              MetricName: one
        """,
        "4:12: wafv2.web_acl/one: Scope is CLOUDFRONT, which WAF knows in us-east-1 only",
        "move it there ($region)",
    ),
    "a certificate of a distribution in another region": (
        """
        acm.certificate: {media: {DomainName: media.example.com}}
        cloudfront.distribution:
          media:
            Comment: ''
            Enabled: true
            DefaultCacheBehavior: {TargetOriginId: a, ViewerProtocolPolicy: https-only}
            Origins: {Items: [{Id: a, DomainName: a.io, CustomOriginConfig: {HTTPPort: 80}}]}
            Aliases: {Items: [media.example.com]}
            ViewerCertificate:
              ACMCertificateArn: ${acm.certificate/media.CertificateArn}
              SSLSupportMethod: sni-only
              MinimumProtocolVersion: TLSv1.2_2021
        """,
        "11:26: cloudfront.distribution/media: ViewerCertificate.ACMCertificateArn is",
        "CloudFront takes certificates from us-east-1 only; make it there ($region)",
    ),
    "an unknown table": (
        "$for_each: rows\necr.repository: {'${each.key}': {}}",
        "1:12: $for_each: environment.yaml has no table rows",
        "",
    ),
}

UNOFFERED = {
    "db.r6g.medium": (
        """
        rds.db_instance:
          one: {Engine: aurora-postgresql, DBInstanceClass: db.r6g.medium, DBClusterIdentifier: it}
        """,
        "3:53: rds.db_instance/one: DBInstanceClass db.r6g.medium is not offered in eu-central-1",
        "Did you mean db.t4g.medium?",
    ),
    "512/512": (
        """
        ecs.task_definition:
          one:
            requiresCompatibilities: [FARGATE]
            networkMode: awsvpc
            cpu: '512'
            memory: '512'
            containerDefinitions: [{name: main, image: main}]
        """,
        "7:13: ecs.task_definition/one: cpu 512 with memory 512 is no size of Fargate",
        "at 512 1024 to 4096",
    ),
    "a zone of another region": (
        "ec2.subnet:\n  one: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24, AvailabilityZone: us-east-1a}",
        "2:65: ec2.subnet/one: us-east-1a is no zone of eu-central-1",
        "there are eu-central-1a, eu-central-1b, eu-central-1c",
    ),
}
