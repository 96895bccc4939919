"""WAF: moto takes any scope and name, and keeps what a document drops."""

from __future__ import annotations

from typing import Any

from moto.cloudfront.models import cloudfront_backends
from moto.utilities.utils import get_partition
from moto.wafv2.exceptions import WAFNonexistentItemException
from moto.wafv2.models import WAFV2Backend
from moto.wafv2.responses import WAFV2Response

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.wafv2_refusals import in_use, refuse_taken, refused
from reconciler.sandbox.wafv2_rules import checked, filled
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
    refuse_taken(self.wacls.values(), name)
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
        raise in_use()
    original(self, name, scope, _id, lock_token)
    forget_logging(self.account_id, acl.arn)
    self.tagging_service.delete_all_tags_for_resource(acl.arn)


def _only_what_exists(original: Method, self: Any, arn: str, *more: Any, **named: Any) -> Any:
    """moto knows tags of what is not there.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_TagResource.html"""
    if arn not in {*self.wacls, *self.ip_sets, *self.rule_groups, *self.regex_pattern_sets}:
        raise WAFNonexistentItemException
    return original(self, arn, *more, **named)


for each in ("list_tags_for_resource", "tag_resource", "untag_resource"):
    corrects(WAFV2Backend, each)(_only_what_exists)


def _named_by_distributions(account: str) -> set[str]:
    distributions = cloudfront_backends[account][get_partition(EDGE)].distributions.values()
    return {each.WebACLId for each in distributions}
