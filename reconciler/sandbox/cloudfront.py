"""CloudFront: moto keeps half of a distribution's document, and refuses hardly anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from moto.cloudfront.exceptions import CloudFrontException, DistributionAlreadyExists
from moto.cloudfront.models import (
    CloudFrontBackend,
    Distribution,
    DistributionConfig,
    OriginAccessControl,
    random_id,
)
from moto.cloudfront.responses import CloudFrontResponse

from reconciler.sandbox.cloudfront_document import checked, filled
from reconciler.sandbox.corrections import Method, corrects


@corrects(DistributionConfig, "__init__")
def whole_document(original: Method, self: Any, config: dict[str, Any]) -> None:
    """Moto drops what it does not know, and makes up what a cache policy rules out.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html"""
    checked(config)
    self.__dict__.update(filled(config), caller_reference=config["CallerReference"])


@corrects(Distribution, "__init__")
def first_in_progress(original: Method, self: Any, *arguments: Any) -> None:
    """Moto calls a distribution deployed the first time that somebody looks.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Distribution.html"""
    original(self, *arguments)
    self._tick = -1


@corrects(CloudFrontBackend, "create_distribution_with_tags")
def create_once(
    original: Method, self: Any, config: dict[str, Any], tags: list[dict[str, str]]
) -> Any:
    """Moto forgets a caller reference with its distribution, and lets two share an alias.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistribution.html"""
    used = self.__dict__.setdefault("_references", {})
    reference = config["CallerReference"]
    if reference in used:
        raise DistributionAlreadyExists(used[reference])
    _check_uses(self, config)
    distribution, location, etag = original(self, config, tags)
    used[reference] = distribution.distribution_id
    return distribution, location, etag


@corrects(CloudFrontBackend, "update_distribution")
def update_guarded(original: Method, self: Any, dist_config: Any, _id: str, if_match: str) -> Any:
    """Moto takes any If-Match, keeps the ETag, and has the change everywhere at once.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html"""
    distribution = self.distributions.get(_id)
    if distribution is not None:
        _check_fresh(distribution, if_match)
        _check_uses(self, dist_config, besides=_id)
    answer, location, _ = original(self, dist_config, _id, if_match)
    answer.etag, answer.status, answer._tick = random_id(), "InProgress", -1
    return answer, location, answer.etag


@corrects(CloudFrontBackend, "delete_distribution")
def delete_guarded(original: Method, self: Any, distribution_id: str, if_match: str) -> None:
    """Moto deletes what is enabled, or not yet disabled everywhere, whatever the ETag.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteDistribution.html"""
    distribution = self.distributions.get(distribution_id)
    if distribution is not None:
        _check_fresh(distribution, if_match)
        if distribution.Enabled or distribution.status != "Deployed":
            raise CloudFrontException(
                "DistributionNotDisabled",
                "The distribution you are trying to delete has not been disabled.",
            )
    original(self, distribution_id, if_match)


@corrects(CloudFrontBackend, "create_origin_access_control")
def name_once(original: Method, self: Any, config: dict[str, str]) -> Any:
    """Moto lets two controls share a name.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateOriginAccessControl.html"""
    _check_name(self, config["Name"])
    return original(self, config)


@corrects(OriginAccessControl, "update")
def new_etag(original: Method, self: Any, config: dict[str, str]) -> None:
    """Moto keeps the ETag of what it changes.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateOriginAccessControl.html"""
    original(self, config)
    self.etag = random_id()


@corrects(CloudFrontResponse, "update_origin_access_control")
def update_control_guarded(original: Method, self: Any) -> Any:
    """Moto takes any If-Match, and a name that another control has.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateOriginAccessControl.html"""
    control = self.backend.get_origin_access_control(self._get_param("Id"))
    _check_fresh(control, self._get_param("IfMatch"))
    _check_name(self.backend, self._get_param("OriginAccessControlConfig.Name"), control.id)
    return original(self)


@corrects(CloudFrontResponse, "delete_origin_access_control")
def delete_control_guarded(original: Method, self: Any) -> Any:
    """Moto takes any If-Match, deletes what is in use, and stumbles over what is not there.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteOriginAccessControl.html"""
    control = self.backend.get_origin_access_control(self._get_param("Id"))
    _check_fresh(control, self._get_param("IfMatch"))
    configs = [each.distribution_config for each in self.backend.distributions.values()]
    if any(origin["OriginAccessControlId"] == control.id for origin in _origins(configs)):
        raise CloudFrontException(
            "OriginAccessControlInUse",
            "Cannot delete the origin access control because it's in use by one or more "
            "distributions.",
        )
    return original(self)


def _origins(configs: list[Any]) -> Iterator[Mapping[str, Any]]:
    for config in configs:
        yield from config.Origins["Items"]


def _check_uses(backend: Any, config: Mapping[str, Any], besides: str = "") -> None:
    """What the document refers to must exist, and its aliases be nobody else's."""
    used = {each.get("OriginAccessControlId") for each in config["Origins"]["Items"]} - {None, ""}
    if used - backend.origin_access_controls.keys():
        raise CloudFrontException(
            "InvalidOriginAccessControl", "The origin access control is not valid."
        )
    aliases = {alias.lower() for alias in config.get("Aliases", {}).get("Items") or ()}
    for other in backend.distributions.values():
        if other.distribution_id != besides and aliases & {*(other.Aliases.get("Items") or ())}:
            raise CloudFrontException(
                "CNAMEAlreadyExists",
                "One or more of the CNAMEs you provided are already associated with a different "
                "resource.",
            )


def _check_fresh(thing: Any, if_match: str | None) -> None:
    if if_match and if_match != thing.etag:
        raise CloudFrontException(
            "PreconditionFailed",
            "The request failed because it didn't meet the preconditions in one or more "
            "request-header fields.",
        )
    if not if_match:
        raise CloudFrontException(
            "InvalidIfMatchVersion",
            "The If-Match version is missing or not valid for the resource.",
        )


def _check_name(backend: Any, name: str, besides: str = "") -> None:
    for control in backend.origin_access_controls.values():
        if control.name == name and control.id != besides:
            raise CloudFrontException(
                "OriginAccessControlAlreadyExists",
                "An origin access control with this name already exists.",
            )
