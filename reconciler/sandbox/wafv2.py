"""WAF: moto takes any scope, name, address and destination, and keeps what a document drops."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from moto.cloudfront.models import cloudfront_backends
from moto.utilities.utils import get_partition
from moto.wafv2.exceptions import WAFNonexistentItemException, WAFv2ClientError
from moto.wafv2.models import FakeIPSet, WAFV2Backend
from moto.wafv2.responses import WAFV2Response

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.wafv2_rules import checked, filled, references, refused
from reconciler.sandbox.wafv2_uses import forget_logging, protected

EDGE = "us-east-1"
VERBS = ("create", "get", "update", "delete")
SCOPED = [f"{verb}_{kind}" for verb in VERBS for kind in ("web_acl", "ip_set")]


def _in_its_region(original: Method, self: Any) -> Any:
    """moto takes the scope CLOUDFRONT everywhere.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html"""
    if self._get_param("Scope") == "CLOUDFRONT" and self.region != EDGE:
        raise refused("The scope is not valid", "CLOUDFRONT")
    return original(self)


for operation in (*SCOPED, "list_web_ac_ls", "list_ip_sets"):
    corrects(WAFV2Response, operation)(_in_its_region)


@corrects(WAFV2Backend, "create_web_acl")
def create_web_acl(original: Method, self: Any, name: str, *more: Any) -> Any:
    """moto calls a name that is taken otherwise, and takes rules that are none.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html"""
    _refuse_taken(self.wacls.values(), name)
    visibility, action, scope, description, tags, rules, *others = more
    checked(self, rules, action)
    return original(
        self, name, visibility, action, scope, description, tags, filled(rules), *others
    )


@corrects(WAFV2Backend, "update_web_acl")
def update_web_acl(
    original: Method,
    self: Any,
    name: str,
    _id: str,
    action: Any,
    rules: Any,
    description: str | None,
    *more: Any,
) -> str:
    """moto keeps what the new document leaves out, and takes rules that are none.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateWebACL.html"""
    checked(self, rules or [], action)
    token = str(original(self, name, _id, action, filled(rules or []), description, *more))
    acl = self.get_web_acl(None, name, _id)
    acl.rules, acl.description = acl.rules if rules else [], description or ""
    configs = ("custom_response_bodies", "captcha_config", "challenge_config")
    names = (*configs, "token_domains", "association_config")
    vars(acl).update(zip(names, more[2:], strict=True))
    return token


@corrects(WAFV2Backend, "delete_web_acl")
def delete_web_acl(
    original: Method, self: Any, name: str, scope: str, _id: str, lock_token: str
) -> None:
    """moto deletes what protects something, and keeps its tags and its logging.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_DeleteWebACL.html"""
    acl = self.get_web_acl(None, name, _id)
    if protected(self, acl) or acl.arn in _named_by_distributions(self.account_id):
        raise _in_use()
    original(self, name, scope, _id, lock_token)
    forget_logging(self.account_id, acl.arn)
    self.tagging_service.delete_all_tags_for_resource(acl.arn)


@corrects(WAFV2Backend, "create_ip_set")
def create_ip_set(
    original: Method,
    self: Any,
    name: str,
    scope: str,
    description: str,
    version: str,
    addresses: list[str],
    tags: Any,
) -> FakeIPSet:
    """moto takes a name twice, and any address.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateIPSet.html"""
    _refuse_taken(self.ip_sets.values(), name)
    made: FakeIPSet = original(
        self, name, scope, description, version, _ranges(version, addresses), tags
    )
    return made


@corrects(WAFV2Backend, "update_ip_set")
def update_ip_set(
    original: Method,
    self: Any,
    name: str,
    scope: str,
    _id: str,
    description: str | None,
    addresses: list[str],
    lock_token: str,
) -> FakeIPSet:
    """moto takes any address, and keeps a description that the new document leaves out.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateIPSet.html"""
    known = self.get_ip_set(name, scope, _id)
    ranges = _ranges(known.ip_address_version, addresses)
    changed: FakeIPSet = original(self, name, scope, _id, description or "", ranges, lock_token)
    return changed


@corrects(WAFV2Backend, "delete_ip_set")
def delete_ip_set(
    original: Method, self: Any, name: str, scope: str, _id: str, lock_token: str
) -> None:
    """moto deletes what rules refer to, and keeps its tags.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_DeleteIPSet.html"""
    arn = self.get_ip_set(name, scope, _id).arn
    if any(
        arn in references([rule.statement for rule in acl.rules]) for acl in self.wacls.values()
    ):
        raise _in_use()
    original(self, name, scope, _id, lock_token)
    self.tagging_service.delete_all_tags_for_resource(arn)


def _only_what_exists(original: Method, self: Any, arn: str, *more: Any, **named: Any) -> Any:
    """moto knows tags of what is not there.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_TagResource.html"""
    if arn not in {*self.wacls, *self.ip_sets, *self.rule_groups, *self.regex_pattern_sets}:
        raise WAFNonexistentItemException
    return original(self, arn, *more, **named)


for each in ("list_tags_for_resource", "tag_resource", "untag_resource"):
    corrects(WAFV2Backend, each)(_only_what_exists)


def _refuse_taken(things: Any, name: str) -> None:
    if any(each.name == name for each in things):
        what = "some resource in your request is a duplicate of an existing one."
        raise WAFv2ClientError("WAFDuplicateItemException", f"AWS WAF could not do it: {what}")


def _in_use() -> WAFv2ClientError:
    what = "AWS WAF couldn’t perform the operation because your resource is being used by another."
    return WAFv2ClientError("WAFAssociatedItemException", what)


def _named_by_distributions(account: str) -> set[str]:
    distributions = cloudfront_backends[account][get_partition(EDGE)].distributions.values()
    return {each.WebACLId for each in distributions}


def _ranges(version: str, addresses: list[str]) -> list[str]:
    """As AWS keeps them: nothing behind the mask, IPv6 at length."""
    return [_range(version, each) for each in addresses]


def _range(version: str, cidr: str) -> str:
    try:
        network = ip_network(cidr if "/" in cidr else "none", strict=False)
    except ValueError:
        network = None
    if not network or not network.prefixlen or version != f"IPV{network.version}":
        raise refused("The parameter contains formatting that is not valid", cidr)
    return network.exploded
