"""Subnet groups of RDS: what moto lets pass."""

from __future__ import annotations

from typing import Any

from moto.rds.exceptions import DBSubnetGroupNotFoundError, RDSClientError
from moto.rds.models import RDSBackend

from reconciler.sandbox.corrections import Method, corrects


@corrects(RDSBackend, "create_subnet_group")
def create_subnet_group(
    original: Method, self: Any, subnet_name: str, description: str, subnets: Any, tags: Any
) -> Any:
    """moto lets a second group take the place of the first, and takes subnets of one zone.
    API_CreateDBSubnetGroup.html"""
    if subnet_name in self.subnet_groups:
        what = f"The DB subnet group '{subnet_name}' already exists."
        raise RDSClientError("DBSubnetGroupAlreadyExists", what)
    _refuse_one_zone(subnets)
    return original(self, subnet_name, description, subnets, tags)


@corrects(RDSBackend, "modify_db_subnet_group")
def modify_db_subnet_group(
    original: Method, self: Any, subnet_name: str, description: str, subnets: Any
) -> Any:
    """moto takes subnets of one zone, and fails on a group that is not there.
    API_ModifyDBSubnetGroup.html"""
    if subnet_name not in self.subnet_groups:
        raise DBSubnetGroupNotFoundError(subnet_name)
    _refuse_one_zone(subnets)
    group = original(self, subnet_name, description, subnets)
    self.subnet_groups[subnet_name] = group
    return group


@corrects(RDSBackend, "delete_subnet_group")
def delete_subnet_group(original: Method, self: Any, subnet_name: str) -> Any:
    """moto deletes a group in which a cluster lives. API_DeleteDBSubnetGroup.html"""
    if any(each.db_subnet_group_name == subnet_name for each in self.clusters.values()):
        what = f"Cannot delete the subnet group '{subnet_name}' because a cluster is using it."
        raise RDSClientError("InvalidDBSubnetGroupStateFault", what)
    return original(self, subnet_name)


def _refuse_one_zone(subnets: Any) -> None:
    if len({subnet.availability_zone for subnet in subnets}) < 2:
        raise RDSClientError(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement.",
        )
