"""https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from typing import Any

from reconciler.aws.ownership import ADDRESS, ENVIRONMENT, RETIRED
from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Change, Desired, Found, Observed, Properties, Status, Tags

GONE = "NotFoundException"
DEFAULT = {"PolicyName": "default"}  # the only one that a key can have
ROTATION = {"KeyRotationEnabled", "RotationPeriodInDays"}
DYING = {"PendingDeletion", "PendingReplicaDeletion"}
STATUS = {
    **dict.fromkeys(DYING, Status.GONE),
    "Creating": Status.PENDING,
    "Updating": Status.PENDING,
}


class Key(Handler):
    """A key, the aliases by which others name it, and who may use it.

    One of ours that waits for its end, and is declared again under its alias, is brought back:
    nothing else can read what it encrypted."""

    key = ("Aliases[].AliasName",)
    unique = False
    immutable = {"KeySpec", "KeyUsage", "MultiRegion"}
    deferred = {"Policy"}
    lists = {"Aliases": ("AliasName",)}
    policies = {"Policy"}
    outputs = {"Arn", "KeyId"}
    tagging = Tagging(id="KeyId", tags="Tags", key="TagKey", value="TagValue", erased="TagKeys")
    repeatable = False
    holds_data = True

    def listed(self, since: float = 0) -> Iterator[Found]:
        aliases = defaultdict(list)
        for alias in self.listing("list_aliases", since):
            aliases[alias.get("TargetKeyId", "")].append({"AliasName": alias["AliasName"]})
        for key in self.listing("list_keys", since):
            id_, arn = key["KeyId"], key["KeyArn"]
            amazons = any(each["AliasName"].startswith("alias/aws/") for each in aliases[id_])
            properties = {"KeyId": id_, "Arn": arn, "Aliases": aliases[id_]}
            # A run that died may not have named its key: only tags tell, and the sweep lags.
            tags = None if aliases[id_] else self._tags(id_)
            yield Found(id_, properties, tags, arn, managed_by="AWS" if amazons else "")

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        key = {"KeyId": found.id}
        with missing(GONE):
            known = {**found.properties, **self.client.describe_key(**key)["KeyMetadata"]}
            if "Policy" in mentioned:
                known["Policy"] = self.client.get_key_policy(**key, **DEFAULT)["Policy"]
            if ROTATION & mentioned:
                answer = self.client.get_key_rotation_status(**key)
                known |= {name: answer[name] for name in ROTATION & answer.keys()}
            tags = found.tags if found.tags is not None else self._tags(found.id) or {}
            state = known["KeyState"]
            return Observed(found.id, known, tags, STATUS.get(state, Status.READY), state)
        return None

    def create(self, desired: Desired) -> str:
        was = self._predecessor(desired.properties.get("Aliases", ()), desired.tags)
        if was.get("KeyState") in DYING:
            self.client.cancel_key_deletion(KeyId=was["KeyId"])
            self.client.enable_key(KeyId=was["KeyId"])
            return str(was["KeyId"])
        born = self.accepted("create_key", desired.properties)
        answer = self.client.create_key(**born, Tags=self.tagging.to_aws(desired.tags))
        return str(answer["KeyMetadata"]["KeyId"])

    def update(self, change: Change) -> None:
        key, wanted = {"KeyId": change.observed.id}, change.wanted
        # The first of all, and the last: AWS changes no rotation of a key that is disabled.
        if change.touches("Enabled") and wanted.get("Enabled", True):
            self.client.enable_key(**key)
        if change.touches("Description"):
            self.client.update_key_description(**key, Description=wanted.get("Description", ""))
        if change.touches("Policy") and wanted.get("Policy"):  # without one there is no key
            policy = self.sent("Policy", wanted["Policy"])
            self.client.put_key_policy(**key, **DEFAULT, Policy=policy)
        if change.touches(*ROTATION):
            self._rotate(change.observed.id, wanted)
        if change.touches("Aliases"):
            self._name(change)
        if change.touches("Enabled") and not wanted.get("Enabled", True):
            self.client.disable_key(**key)

    def delete(self, observed: Observed) -> None:
        # For 30 days somebody may cancel it; until then nobody shall take it for the living one,
        # and AWS lets nobody tag what waits for its end.
        address = observed.tags.get(ADDRESS, "").removeprefix(RETIRED)
        retired = {ADDRESS: RETIRED + address} if address else {}
        with missing(GONE, "KMSInvalidStateException"):
            self.tag(observed, {**observed.tags, **retired})
            self.client.schedule_key_deletion(KeyId=observed.id, PendingWindowInDays=30)

    def _rotate(self, key: str, wanted: Properties) -> None:
        period = {n: wanted[n] for n in ("RotationPeriodInDays",) if n in wanted}
        if wanted.get("KeyRotationEnabled"):
            self.client.enable_key_rotation(KeyId=key, **period)
        else:
            self.client.disable_key_rotation(KeyId=key)

    def _name(self, change: Change) -> None:
        aliases = change.items("Aliases")
        for alias in aliases.added:
            named = {**alias, "TargetKeyId": change.observed.id}
            if self._predecessor([alias], change.tags):
                self.client.update_alias(**named)
            else:  # AWS refuses one that a stranger's key has
                self.client.create_alias(**named)
        for alias in aliases.removed:
            with missing(GONE):
                self.client.delete_alias(**alias)

    def _predecessor(self, aliases: Iterable[Properties], tags: Tags) -> dict[str, Any]:
        """The key that has one of these aliases, if it is or was at our address."""
        for alias in aliases:
            with missing(GONE):
                key: dict[str, Any] = self.client.describe_key(KeyId=alias["AliasName"])
                if _place(self._tags(key["KeyMetadata"]["KeyId"]) or {}) == _place(tags):
                    return dict(key["KeyMetadata"])
        return {}

    def _tags(self, key: str) -> Tags | None:
        # A key whose policy does not let us look is nobody's whom we know.
        with missing(GONE, "AccessDeniedException"):
            listed = self.client.get_paginator("list_resource_tags").paginate(KeyId=key)
            return self.tagging.from_aws(listed.build_full_result()["Tags"])
        return None


def _place(tags: Tags) -> tuple[str | None, str]:
    return tags.get(ENVIRONMENT), tags.get(ADDRESS, "").removeprefix(RETIRED)
