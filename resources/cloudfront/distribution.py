"""https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html"""

import hashlib
from collections.abc import Iterator, Set
from typing import Any

from reconciler.handler import ORDER, SET, Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Lists, Observed, Properties, Status, Tags
from resources.cloudfront import counted

OUTPUTS = {"ARN", "DomainName", "Id"}

BEHAVIOR: Lists = {
    "AllowedMethods.CachedMethods.Items": SET,
    "AllowedMethods.Items": SET,
    "ForwardedValues.Cookies.WhitelistedNames.Items": SET,
    "ForwardedValues.Headers.Items": SET,
    "ForwardedValues.QueryStringCacheKeys.Items": SET,
    "FunctionAssociations.Items": ("EventType",),
    "LambdaFunctionAssociations.Items": ("EventType",),
    "TrustedKeyGroups.Items": SET,
    "TrustedSigners.Items": SET,
}

CERTIFICATES = ("ACMCertificateArn", "IAMCertificateId", "CloudFrontDefaultCertificate")
REPEATED = ("Certificate", "CertificateSource")  # deprecated: what the chosen one says again
INSTEAD_OF_POLICY = ("ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL")


class Distribution(Handler):
    """A distribution is one large document: written whole, and guarded by an ETag."""

    key = ("Aliases.Items",)
    loose = {"Origins"}
    lists = {
        "Aliases.Items": SET,
        "CacheBehaviors.Items": (ORDER, "PathPattern"),  # the first that fits a request counts
        "CustomErrorResponses.Items": ("ErrorCode",),
        "OriginGroups.Items": ("Id",),
        "OriginGroups.Items.FailoverCriteria.StatusCodes.Items": SET,
        "OriginGroups.Items.Members.Items": ORDER,  # the first is the primary
        "Origins.Items": ("Id", "DomainName"),
        "Origins.Items.CustomHeaders.Items": ("HeaderName",),
        "Origins.Items.CustomOriginConfig.OriginSslProtocols.Items": SET,
        "Restrictions.GeoRestriction.Items": SET,
        **{f"DefaultCacheBehavior.{path}": how for path, how in BEHAVIOR.items()},
        **{f"CacheBehaviors.Items.{path}": how for path, how in BEHAVIOR.items()},
    }
    secret = {"Origins.Items.CustomHeaders.Items.HeaderValue"}
    outputs = OUTPUTS
    tagging = Tagging(id="Resource", of="ARN", tags="Tags", inside="Items", erased="TagKeys")
    region = "us-east-1"
    settles_within = 3600

    def listed(self, since: float = 0) -> Iterator[Found]:
        for distribution in self.listing("list_distributions", since):
            arn = distribution["ARN"]
            # One without an alias answers to its tags alone, and the tagging API lags behind.
            nameless = not distribution["Aliases"].get("Items")
            tags = self._tags(arn) if nameless else None
            yield Found(distribution["Id"], distribution, tags, arn)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing("NoSuchDistribution", "NoSuchResource"):
            answer = self.client.get_distribution(Id=found.id)
            distribution = answer["Distribution"]
            outputs = {name: distribution[name] for name in OUTPUTS}
            tags = self._tags(distribution["ARN"]) if found.tags is None else found.tags
            return Observed(
                found.id,
                {**distribution["DistributionConfig"], **outputs},
                tags,
                Status.READY if distribution["Status"] == "Deployed" else Status.PENDING,
                reason=distribution["Status"],
                etag=answer["ETag"],
            )
        return None

    def create(self, desired: Desired) -> str:
        # A reference used once is refused for ever, so it names this intent, not the resource.
        reference = hashlib.sha256(desired.intent.encode()).hexdigest()
        config = self._config({"CallerReference": reference, **desired.properties})
        document = {"DistributionConfig": config, "Tags": self.tagging.to_aws(desired.tags)}
        answer = self.client.create_distribution_with_tags(DistributionConfigWithTags=document)
        return str(answer["Distribution"]["Id"])

    def update(self, change: Change) -> None:
        self._put(change.observed, _settled(change.observed.properties, change.wanted))

    def delete(self, observed: Observed) -> None:
        # AWS deletes only what is disabled everywhere; the engine calls again until it is.
        with missing("NoSuchDistribution"):
            if observed["Enabled"]:
                self._put(observed, {**observed.properties, "Enabled": False})
            elif observed.status is Status.READY:
                self.client.delete_distribution(Id=observed.id, IfMatch=observed.etag)

    def _put(self, observed: Observed, whole: Properties) -> None:
        """Write the document back. AWS refuses if it changed since we read it."""
        guard = {"Id": observed.id, "IfMatch": observed.etag}
        self.client.update_distribution(**guard, DistributionConfig=self._config(whole))

    def _config(self, whole: Properties) -> Any:
        return counted(whole, self.client.meta.service_model.shape_for("DistributionConfig"))

    def _tags(self, arn: str) -> Tags:
        with missing("NoSuchResource"):
            answer = self.client.list_tags_for_resource(Resource=arn)
            return self.tagging.from_aws(answer["Tags"].get("Items"))
        return {}


def _settled(before: Properties, wanted: Properties) -> Properties:
    """The wanted document without what AWS refuses beside something new in it."""
    document = {**wanted, "DefaultCacheBehavior": _behavior(wanted["DefaultCacheBehavior"])}
    if behaviors := wanted.get("CacheBehaviors", {}).get("Items"):
        document["CacheBehaviors"] = {"Items": [_behavior(each) for each in behaviors]}
    if certificate := wanted.get("ViewerCertificate"):
        old = before.get("ViewerCertificate", {})
        document["ViewerCertificate"] = _certificate(old, certificate)
    return document


def _certificate(before: Properties, wanted: Properties) -> Properties:
    """With one certificate: a new one takes the place of the one that was there."""
    given = [name for name in CERTIFICATES if wanted.get(name)]
    chosen = [name for name in given if wanted[name] != before.get(name)] or given
    dropped = {*CERTIFICATES, *REPEATED} - set(chosen[:1])
    certificate = {name: value for name, value in wanted.items() if name not in dropped}
    left = before.get("CloudFrontDefaultCertificate") and "CloudFrontDefaultCertificate" in dropped
    # Beside AWS's own certificate `vip` means nothing; beside ours it is 600 dollars a month.
    if left and certificate.get("SSLSupportMethod") == "vip":
        certificate["SSLSupportMethod"] = "sni-only"
    return certificate


def _behavior(wanted: Properties) -> Properties:
    """A cache policy takes the place of the settings that were there before it."""
    dropped = INSTEAD_OF_POLICY if wanted.get("CachePolicyId") else ()
    return {name: value for name, value in wanted.items() if name not in dropped}
