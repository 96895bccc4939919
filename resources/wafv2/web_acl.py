"""https://docs.aws.amazon.com/waf/latest/APIReference/API_WebACL.html"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from reconciler.aws.ownership import ENVIRONMENT
from reconciler.errors import Foreign
from reconciler.handler import SET, Handler, missing
from reconciler.model import Change, Desired, Found, Observed, Properties
from resources.wafv2 import GONE, TAGGING, listed, named, read, sent, tags, wished

LOGGING = "LoggingConfiguration"
PROTECTED = "ResourceArns"
# https://docs.aws.amazon.com/waf/latest/developerguide/waf-service-owned-rule-groups.html
THEIRS = ("ShieldMitigationRuleGroup", "PREFMManaged", "POSTFMManaged")
RULES_OF_AWS = "RulesOfAws"


class WebAcl(Handler):
    """Rules by which requests are let through or not; written whole, under a lock token."""

    key = ("Scope", "Name")
    naming = "Name"
    immutable = {"Name", "Scope"}
    deferred = {LOGGING, PROTECTED}
    lists = {
        "Rules": ("Name",),
        PROTECTED: SET,
        "TokenDomains": SET,
        # What is inside of these is whole, see `wished`.
        "DefaultAction.*": SET,
        f"{LOGGING}.*": SET,
        "Rules.*": SET,
    }
    outputs = {"ARN", "Id", "LabelNamespace"}
    tagging = TAGGING
    serial = "Name"

    def listed(self, since: float = 0) -> Iterator[Found]:
        yield from listed(self, "list_web_acls", since)

    def get(self, found: Found, mentioned: Set[str]) -> Observed | None:
        with missing(GONE):
            answer = self.client.get_web_acl(**named(found.properties))
            acl = {"Scope": found.properties["Scope"], **answer["WebACL"]}
            if LOGGING in mentioned:
                acl[LOGGING] = self._logging(found.id)
            if PROTECTED in mentioned and acl["Scope"] == "REGIONAL":
                protected = self.client.list_resources_for_web_acl(WebACLArn=found.id)
                acl[PROTECTED] = protected["ResourceArns"]
            known = self._spoken(read, acl)
            # Shield's and Firewall Manager's rules are no business of the YAML's.
            known[RULES_OF_AWS] = [each for each in known["Rules"] if _theirs(each)]
            known["Rules"] = [each for each in known["Rules"] if not _theirs(each)]
            marks = tags(self, found.id) if found.tags is None else found.tags
            return Observed(found.id, known, marks, etag=answer["LockToken"])
        return None

    def create(self, desired: Desired) -> str:
        born = self.accepted("create_web_acl", self._spoken(sent, desired.properties))
        answer = self.client.create_web_acl(**born, Tags=TAGGING.to_aws(desired.tags))
        return str(answer["Summary"]["ARN"])

    def update(self, change: Change) -> None:
        arn, protected = change.observed.id, change.items(PROTECTED)
        if change.names - self.deferred:
            self._put(change)
        if change.touches(LOGGING):
            self._log(arn, change.wanted.get(LOGGING))
        for each in protected.added:
            self._protect(each, arn, change.tags.get(ENVIRONMENT, ""))
        for each in protected.removed:
            self._expose(each, arn)

    def delete(self, observed: Observed) -> None:
        # AWS refuses while anything is behind it. The engine calls again once that has let go.
        with missing(GONE):
            self.client.delete_web_acl(**named(observed.properties), LockToken=observed.etag)

    def spelled(self, desired: Properties) -> Properties:
        """The desired properties, choices and lists as `get` shows them."""
        return self._spoken(wished, desired)

    def _spoken(self, step: Any, properties: Properties) -> dict[str, Any]:
        model = self.client.meta.service_model
        taken = model.operation_model("CreateWebACL").input_shape.members
        shapes: Mapping[str, Any] = {**taken, LOGGING: model.shape_for(LOGGING)}
        return {
            name: step(value, shapes[name]) if name in shapes else value
            for name, value in properties.items()
        }

    def _put(self, change: Change) -> None:
        """Write the document back. AWS refuses if it changed since we read it."""
        rules = [*(change.wanted.get("Rules") or ()), *change.observed[RULES_OF_AWS]]
        rules.sort(key=lambda rule: rule["Priority"])
        whole = self._spoken(sent, {**change.wanted, "Rules": rules})
        given = {name: value for name, value in whole.items() if value not in ("", [], {})}
        document = self.accepted("update_web_acl", given)
        self.client.update_web_acl(**{**document, "LockToken": change.observed.etag})

    def _logging(self, arn: str) -> Any:
        with missing(GONE):
            return self.client.get_logging_configuration(ResourceArn=arn)[LOGGING]
        return None

    def _log(self, arn: str, wanted: Properties | None) -> None:
        if wanted:
            whole = self._spoken(sent, {LOGGING: {**wanted, "ResourceArn": arn}})
            self.client.put_logging_configuration(**whole)
            return
        with missing(GONE):
            self.client.delete_logging_configuration(ResourceArn=arn)

    def _protect(self, resource: str, arn: str, environment: str) -> None:
        """Put the web ACL before a load balancer. AWS would take it from another without a word."""
        other = self._before(resource)
        if other not in ("", arn) and tags(self, other).get(ENVIRONMENT) != environment:
            raise Foreign(
                f"{resource} is behind {other}, which is not of this environment, and AWS would "
                "put this web ACL in its place: if that is wanted, run `aws wafv2 "
                f"associate-web-acl --web-acl-arn {arn} --resource-arn {resource}`"
            )
        self.client.associate_web_acl(WebACLArn=arn, ResourceArn=resource)

    def _expose(self, resource: str, arn: str) -> None:
        """Take the web ACL away, unless another has taken its place since we looked."""
        with missing(GONE):
            if self._before(resource) == arn:
                self.client.disassociate_web_acl(ResourceArn=resource)

    def _before(self, resource: str) -> str:
        answer = self.client.get_web_acl_for_resource(ResourceArn=resource)
        return str(answer.get("WebACL", {}).get("ARN", ""))


def _theirs(rule: Properties) -> bool:
    return str(rule["Name"]).startswith(THEIRS)
