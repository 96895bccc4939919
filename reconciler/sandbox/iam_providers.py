"""IAM: providers of identities that moto cannot change, and tags that nobody else shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.resource_tagging import TaggedResource, make_tag_matcher, match_resource_type
from moto.core.responses import EmptyResult
from moto.iam.models import IAMBackend, iam_backends
from moto.iam.responses import IamResponse
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

from reconciler.sandbox.corrections import Method, corrects

FOUND = "6938fd4d98bab03faadb97b34396831e3780aea1"
"""What AWS would find at the provider's address, where nobody says it."""


@corrects(IAMBackend, "create_open_id_connect_provider")
def create_open_id_connect_provider(
    original: Method,
    self: Any,
    url: str,
    thumbprint_list: list[str],
    client_id_list: list[str],
    tags: Any,
) -> Any:
    """moto leaves out the thumbprint that AWS finds. API_CreateOpenIDConnectProvider.html"""
    return original(self, url, thumbprint_list or [FOUND], client_id_list, tags)


@corrects(IamResponse, "add_client_id_to_open_id_connect_provider")
def add_client_id(_: Method, self: Any) -> EmptyResult:
    """moto lacks it. API_AddClientIDToOpenIDConnectProvider.html"""
    clients, client = _clients(self), self._get_param("ClientID")
    if client not in clients:
        clients.append(client)
    return EmptyResult()


@corrects(IamResponse, "remove_client_id_from_open_id_connect_provider")
def remove_client_id(_: Method, self: Any) -> EmptyResult:
    """moto lacks it. API_RemoveClientIDFromOpenIDConnectProvider.html"""
    clients, client = _clients(self), self._get_param("ClientID")
    if client in clients:
        clients.remove(client)
    return EmptyResult()


@corrects(ResourceGroupsTaggingAPIBackend, "_get_resources_generator")
def with_iam(
    original: Method,
    self: Any,
    tag_filters: Any = None,
    resource_type_filters: Any = None,
    resource_arn_list: Any = None,
) -> Iterator[TaggedResource]:
    """moto leaves out what IAM has, of which AWS shows policies and providers, but no roles.

    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html"""
    yield from original(self, tag_filters, resource_type_filters, resource_arn_list)
    has_tags = make_tag_matcher(tag_filters)
    for resource in _tagged(self.account_id):
        wanted = not resource_arn_list or resource.arn in resource_arn_list
        kind = match_resource_type(resource.resource_type, resource_type_filters)
        if wanted and kind and has_tags(resource.tags):
            yield resource


def _clients(self: Any) -> list[str]:
    arn = self._get_param("OpenIDConnectProviderArn")
    clients: list[str] = self.backend.get_open_id_connect_provider(arn).client_id_list
    return clients


def _tagged(account: str) -> Iterator[TaggedResource]:
    iam: Any = iam_backends[account]["aws"]
    for each in (*iam.managed_policies.values(), *iam.open_id_providers.values()):
        if tags := {tag["Key"]: tag["Value"] for tag in each.get_tags()}:
            yield TaggedResource(each.arn, tags, f"iam:{each.arn.split(':')[5].split('/')[0]}")
