"""What handlers may call is read in their code: nothing too little, and nothing out of thin air."""

from pathlib import Path

import pytest
from botocore import xform_name

from reconciler import registry
from reconciler.permissions.operations import LOOKING, Operation, operations, service

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=registry.types())
def kind(request):
    return request.param


def test_everything_stands_in_the_code_or_among_the_facts(kind):
    """Read once more, without any understanding: as words of the files."""
    folder = registry.handler(kind).__module__.split(".")[1]
    text = "\n".join(each.read_text() for each in (ROOT / "resources" / folder).glob("*.py"))
    tagging = registry.handler(kind).tagging
    words = {tagging.write, tagging.erase} if tagging else set()
    for operation in operations(kind):
        method = xform_name(operation.name)
        parts = [method[: place + 1] for place, letter in enumerate(method) if letter == "_"]
        built = any(f'f"{part}{{' in text and method.removeprefix(part) in text for part in parts)
        assert method in words or method in text or built, operation


def test_a_type_is_listed_and_only_reads_are_needed_for_it(kind):
    looked = operations(kind, LOOKING)
    assert looked
    assert looked <= operations(kind)


def test_what_is_put_together_of_words_is_found():
    names = {each.name for each in operations("s3.bucket")}
    assert {"GetBucketEncryption", "PutBucketPolicy", "DeletePublicAccessBlock"} <= names
    assert {"PutObject", "DeleteObject", "PutBucketAcl"} & names == set()
    vault = {each.name for each in operations("backup.backup_vault")}
    assert "DeleteBackupVaultLockConfiguration" in vault


def test_facts_name_how_tags_are_written():
    names = {each.name for each in operations("acm.certificate")}
    assert {"AddTagsToCertificate", "RemoveTagsFromCertificate"} <= names
    assert "DeleteBucketTagging" not in {each.name for each in operations("s3.bucket")}


@pytest.mark.parametrize(
    ("kind", "others"),
    [
        ("acm.certificate", {("route53", "GetHostedZone"), ("route53", "ListHostedZones")}),
        ("codeconnections.connection", {("codestar-connections", "ListConnections")}),
        ("ecs.service", {("ecr", "DescribeImages")}),
        ("ecs.cluster", set()),
        ("servicediscovery.private_dns_namespace", {("route53", "GetHostedZone")}),
    ],
)
def test_other_services_are_asked_what_is_asked_of_them_and_no_more(kind, others):
    found = {each for each in operations(kind) if each.service != service(kind)}
    assert found == {Operation(*each) for each in others}
