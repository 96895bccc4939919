"""What services need to be allowed before they write their logs.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.load.problems import Finding
from reconciler.load.rules.place import Place
from reconciler.load.rules.policies import allows

TRAILS = "cloudtrail.amazonaws.com"
LOGS = "access_logs.s3"
BALANCERS = {  # who writes the logs of a load balancer, by its type
    "application": "logdelivery.elasticloadbalancing.amazonaws.com",
    "network": "delivery.logs.amazonaws.com",
}
# Where Elastic Load Balancing may also write as an account of AWS's: the regions before 2022-08.
BY_ACCOUNT = {
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
    *("eu-central-1", "eu-north-1", "eu-south-1", "eu-west-1", "eu-west-2", "eu-west-3"),
    *("ap-east-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
    *("ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "af-south-1", "me-south-1"),
}


def trail_bucket(trail: Place) -> Iterator[Finding]:
    """AWS creates no trail whose bucket it may not write to."""
    place = trail.at("S3BucketName")
    if (bucket := place.of("s3.bucket")) is None:
        return
    for action in ("s3:GetBucketAcl", "s3:PutObject"):
        if not allows(bucket.at("Policy"), action, TRAILS):
            yield place.wrong(unallowed(bucket, TRAILS, action, "the trail"), sure=False)


def balancer_bucket(balancer: Place) -> Iterator[Finding]:
    """The same of a load balancer and its access logs; and both are in one region."""
    attributes = {each.at("Key").text: each.at("Value") for each in balancer.at("Attributes")}
    place = attributes.get(f"{LOGS}.bucket")
    bucket = place.of("s3.bucket") if place else None
    if place is None or bucket is None or attributes.get(f"{LOGS}.enabled", place).text != "true":
        return
    if bucket.resource.region != (region := balancer.resource.region):
        yield place.wrong(
            f"is {bucket.resource.address}, which stands in {bucket.resource.region}, but a load "
            f"balancer writes to buckets of its own region, {region}, only; make one there"
        )
    writer = BALANCERS.get(balancer.at("Type").text or "application", "")
    account = region in BY_ACCOUNT and allows(bucket.at("Policy"), "s3:PutObject", "AWS")
    if writer and not account and not allows(bucket.at("Policy"), "s3:PutObject", writer):
        what = unallowed(bucket, writer, "s3:PutObject", "the access logs")
        yield place.wrong(what, sure=False)


def unallowed(bucket: Place, who: str, action: str, what: str) -> str:
    """That a bucket does not let somebody in, and what to write."""
    return (
        f"is {bucket.resource.address}, whose Policy does not let {who} {action}, so AWS would "
        f"refuse {what}; add a statement with Principal: {{Service: {who}}} and Action: {action}"
    )
