"""https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html"""

from __future__ import annotations

from collections.abc import Iterator, Set
from hashlib import sha256

from reconciler.handler import SET, Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Status, Tags
from resources.acm import delegations, reason, spelled, unseen, waits

# https://docs.aws.amazon.com/acm/latest/APIReference/API_Filters.html
KEY_TYPES = [
    "RSA_1024",
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "EC_prime256v1",
    "EC_secp384r1",
    "EC_secp521r1",
]
STATUS = {
    "ISSUED": Status.READY,
    "PENDING_VALIDATION": Status.PENDING,
    "EXPIRED": Status.WAITING,
    "INACTIVE": Status.BROKEN,
    "VALIDATION_TIMED_OUT": Status.BROKEN,
    "FAILED": Status.BROKEN,
    "REVOKED": Status.BROKEN,
}
DEAD = STATUS.keys() - {"ISSUED", "PENDING_VALIDATION"}
LOGGING = "CertificateTransparencyLoggingPreference"


class Certificate(Handler):
    """A certificate: requested from Amazon, or imported where `Certificate` is given.

    A requested one is issued once its validation record stands in public DNS."""

    key = ("DomainName",)
    naming = "DomainName"
    unique = False
    immutable = {"DomainName", "SubjectAlternativeNames", "KeyAlgorithm"}
    lists = {"SubjectAlternativeNames": SET}
    write_only = {"PrivateKey", "CertificateChain"}
    given = {"PrivateKey": "PrivateKey"}
    outputs = {"CertificateArn", "DomainValidationOptions"}
    tagging = Tagging(
        "add_tags_to_certificate",
        "remove_tags_from_certificate",
        id="CertificateArn",
        tags="Tags",
        erased="Tags",
        wrapped=True,
    )
    proven_by = {"route53.record_sets"}
    noticed_within = 900
    repeatable = False  # an import has no token
    settles_within = 3600

    def listed(self, since: float = 0) -> Iterator[Found]:
        # Without a filter AWS lists RSA keys of up to 2048 bits only.
        every = {"keyTypes": KEY_TYPES}
        for each in self.listing("list_certificates", since, Includes=every):
            arn, manager = each["CertificateArn"], each.get("ManagedBy", "")
            # What has expired or failed is no answer to the domain's name, only to its own id.
            known = {} if each.get("Status") in DEAD else {"DomainName": each["DomainName"]}
            yield Found(arn, known, arn=arn, managed_by=manager)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        arn = {"CertificateArn": found.id}
        with missing("ResourceNotFoundException"):
            known = self.client.describe_certificate(**arn)["Certificate"]
            status, asked = STATUS[known["Status"]], waits(known)
            if known["Status"] == "PENDING_VALIDATION" and unseen(known):
                status, asked = Status.WAITING, delegations(self, known)
            body = {}
            if "Certificate" in mentioned and known["Type"] == "IMPORTED":
                body = {"Certificate": self.client.get_certificate(**arn)["Certificate"]}
            properties = spelled({**known, **body})
            return Observed(found.id, properties, self._tags(found), status, reason(known), asked)
        return None

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties as we compare them: the names without the domain itself."""
        return spelled(desired)

    def create(self, desired: Desired) -> str:
        tags = {"Tags": self.tagging.to_aws(desired.tags)}
        if "Certificate" in desired.properties:
            body = self.accepted("import_certificate", desired.properties)
            return str(self.client.import_certificate(**body, **tags)["CertificateArn"])
        asked = self.accepted("request_certificate", desired.properties)
        token = sha256(desired.intent.encode()).hexdigest()[:32]
        # Unless told otherwise AWS validates by mail to the domain's owner.
        answer = self.client.request_certificate(
            **asked, ValidationMethod="DNS", IdempotencyToken=token, **tags
        )
        return str(answer["CertificateArn"])

    def update(self, change: Change) -> None:
        arn = {"CertificateArn": change.observed.id}
        if change.touches("Certificate"):
            # Under the same ARN: those who use it serve the new one without being told.
            body = self.accepted("import_certificate", change.wanted)
            self.client.import_certificate(**{**body, **arn})
        if change.touches("Options"):
            logging = {LOGGING: change.wanted["Options"][LOGGING]}
            self.client.update_certificate_options(**arn, Options=logging)

    def delete(self, observed: Observed) -> None:
        # AWS refuses while a listener or distribution uses it, and some minutes longer.
        with missing("ResourceNotFoundException"):
            self.client.delete_certificate(CertificateArn=observed.id)

    def _tags(self, found: Found) -> Tags:
        if found.tags is not None:
            return found.tags
        answer = self.client.list_tags_for_certificate(CertificateArn=found.id)
        return self.tagging.from_aws(answer["Tags"])
