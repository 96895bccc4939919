"""§13 and §14: zones, certificates, secrets."""

from __future__ import annotations

from typing import Any

from reconciler.load import Input
from reconciler.model import Source
from reconciler.sandbox.stand_ins import made_up
from tests.prod_account.account import Account
from tests.prod_account.tables import MAIN, table

SHARED_NAMES = {"*.muvicinemas.com": ["muvicinemas.com"]}


def fill(account: Account) -> None:
    _zones(account)
    _certificates(account)
    secrets = account("secretsmanager")
    for row in table(14, "secrets"):
        secrets.create_secret(Name=row["name"], SecretString=f"value of {row['name']}")
    for number, row in enumerate(table(14, "described")):
        secrets.create_secret(Name=f"unnamed-{number}", Description=row["is"], SecretString="-")


def _zones(account: Account) -> None:
    route53 = account("route53")
    for row in table(13, "zones"):
        private = {
            "VPC": {"VPCRegion": MAIN, "VPCId": account.ids["vpc"][row.get("vpc", "Muvi-VPC")]},
            "HostedZoneConfig": {"PrivateZone": True, "Comment": ""},
        }
        made = route53.create_hosted_zone(
            Name=row["name"], CallerReference=row["name"], **(private if row["private"] else {})
        )
        account.ids["zone"][row["name"]] = made["HostedZone"]["Id"]


def _certificates(account: Account) -> None:
    for row in table(13, "certificates"):
        domain = row["domain"]
        acm = account("acm", row["region"])
        if domain.endswith(".internal"):  # no public authority signs those: it was imported
            made = acm.import_certificate(Certificate=_pem(domain), PrivateKey=_pem())
        else:
            made = acm.request_certificate(
                DomainName=domain,
                ValidationMethod="DNS",
                SubjectAlternativeNames=[domain, *SHARED_NAMES.get(domain, [])],
            )
            _validated(account, acm.describe_certificate(CertificateArn=made["CertificateArn"]))
        account.ids["certificate"][domain] = made["CertificateArn"]


def _validated(account: Account, described: dict[str, Any]) -> None:
    """With the records that prove whose the domain is, so that AWS issues the certificate."""
    options = described["Certificate"]["DomainValidationOptions"]
    records = {each["ResourceRecord"]["Name"]: each["ResourceRecord"] for each in options}
    for record in records.values():
        account("route53").change_resource_record_sets(
            HostedZoneId=account.ids["zone"]["muvicinemas.com"],
            ChangeBatch={
                "Changes": [
                    {
                        "Action": "UPSERT",
                        "ResourceRecordSet": {
                            "Name": record["Name"],
                            "Type": record["Type"],
                            "TTL": 300,
                            "ResourceRecords": [{"Value": record["Value"]}],
                        },
                    }
                ]
            },
        )


def _pem(domain: str = "") -> str:
    """A certificate for that name, or its key."""
    wanted = f"certificate for {domain}" if domain else "its key"
    return made_up(Input("pem", Source("", 1), sandbox=wanted))
