"""What people and AWS keep for us: values, deleted secrets, deleted keys."""

from __future__ import annotations

from reconciler.sandbox.people import people
from tests.command.running import REGION


def test_a_secret_without_its_value_says_who_must_do_what(lab, monkeypatch):
    monkeypatch.setattr(people, "absent", True)
    lab.declare(it="secretsmanager.secret: {uat/orders/rds: {Description: the database}}")
    put = f"aws secretsmanager put-secret-value --region {REGION} --secret-id uat/orders/rds"
    for _ in range(2):
        waiting = lab.json()
        assert waiting.code == 4, waiting.err
        assert put in str(waiting.document["waiting"])
    lab.client("secretsmanager", REGION).put_secret_value(
        SecretId="uat/orders/rds", SecretString="hunter2"
    )
    done = lab.run()
    assert done.code == 0
    assert not {"GetSecretValue", "BatchGetSecretValue"} & {call.operation for call in done.calls}


def test_a_secret_that_was_deleted_and_is_declared_again_has_its_value(lab):
    lab.declare(it="secretsmanager.secret: {uat/orders/rds: {Description: the database}}")
    assert lab.run().code == 0
    secrets = lab.client("secretsmanager", REGION)
    secrets.put_secret_value(SecretId="uat/orders/rds", SecretString="hunter2")
    secrets.delete_secret(SecretId="uat/orders/rds")
    lab.declare(it="secretsmanager.secret: {uat/orders/rds: {Description: again}}")
    again = lab.run()
    assert again.code == 0, again.err
    assert secrets.get_secret_value(SecretId="uat/orders/rds")["SecretString"] == "hunter2"
    assert secrets.describe_secret(SecretId="uat/orders/rds")["Description"] == "again"
    assert lab.plan().code == 0


def test_a_key_that_was_deleted_and_is_declared_again_is_the_same_key(lab):
    text = "kms.key: {orders: {Aliases: [{AliasName: alias/orders}]}}"
    lab.declare(it=text)
    assert lab.run().code == 0
    kms = lab.client("kms", REGION)
    key = kms.describe_key(KeyId="alias/orders")["KeyMetadata"]["KeyId"]
    lab.declare(it="kms.key: {orders: {$absent: true, Aliases: [{AliasName: alias/orders}]}}")
    assert lab.run("--allow", "kms.key/orders").code == 0
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    lab.declare(it=text)
    again = lab.run()
    assert again.code == 0, again.err
    metadata = kms.describe_key(KeyId="alias/orders")["KeyMetadata"]
    assert (metadata["KeyId"], metadata["KeyState"]) == (key, "Enabled")
    assert lab.plan().code == 0


def test_a_key_is_replaced_beside_the_old_one_and_takes_its_name(lab):
    text = "kms.key: {orders: {KeySpec: %s, Aliases: [{AliasName: alias/orders}]}}"
    lab.declare(it=text % "SYMMETRIC_DEFAULT")
    assert lab.run().code == 0
    kms = lab.client("kms", REGION)
    old = kms.describe_key(KeyId="alias/orders")["KeyMetadata"]["KeyId"]
    lab.declare(it=text % "RSA_2048")
    replaced = lab.run("--allow", "kms.key/orders")
    assert replaced.code == 0, replaced.err
    assert kms.describe_key(KeyId=old)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    new = kms.describe_key(KeyId="alias/orders")["KeyMetadata"]
    assert (new["KeySpec"], new["KeyId"] == old) == ("RSA_2048", False)
    assert lab.plan().code == 0
