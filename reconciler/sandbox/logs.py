"""CloudWatch Logs: what moto forgets of log groups, or lets pass."""

from __future__ import annotations

from typing import Any

from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogGroup, LogsBackend
from moto.logs.responses import LogsResponse

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.logs_filters import forget_filters

MONTHS = (30, 60, 90, 120, 150, 180, 365, 400, 545, 731)
DAYS = (1, 3, 5, 7, 14, *MONTHS, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


@corrects(LogsResponse, "create_log_group")
def create_log_group(original: Method, self: Any) -> str:
    """moto forgets the class. API_CreateLogGroup.html"""
    answer = str(original(self))
    group = self.logs_backend.groups[self._get_param("logGroupName")]
    group.log_group_class = self._get_param("logGroupClass")
    return answer


@corrects(LogGroup, "to_describe_dict")
def to_describe_dict(original: Method, self: Any) -> dict[str, Any]:
    """moto does not answer with the class. API_LogGroup.html"""
    return {**original(self), "logGroupClass": getattr(self, "log_group_class", None) or "STANDARD"}


@corrects(LogsBackend, "put_retention_policy")
def put_retention_policy(
    original: Method, self: Any, log_group_name: str, retention_in_days: int
) -> None:
    """moto takes any number of days. API_PutRetentionPolicy.html"""
    if retention_in_days not in DAYS:
        raise InvalidParameterException(
            constraint=f"Member must satisfy enum value set: {list(DAYS)}",
            parameter="retentionInDays",
            value=retention_in_days,
        )
    original(self, log_group_name, retention_in_days)


@corrects(LogsBackend, "delete_log_group")
def delete_log_group(original: Method, self: Any, log_group_name: str) -> None:
    """moto gives a new group the tags and filters of the deleted one of that name.
    API_DeleteLogGroup.html"""
    arn = self.groups[log_group_name].arn if log_group_name in self.groups else ""
    original(self, log_group_name)
    self.tagger.delete_all_tags_for_resource(arn)
    forget_filters(self, log_group_name)


@corrects(LogsResponse, "associate_kms_key")
def associate_kms_key(_: Method, self: Any) -> str:
    """moto lacks it. API_AssociateKmsKey.html"""
    _group(self).kms_key_id = self._get_param("kmsKeyId")
    return ""


@corrects(LogsResponse, "disassociate_kms_key")
def disassociate_kms_key(_: Method, self: Any) -> str:
    """moto lacks it. API_DisassociateKmsKey.html"""
    _group(self).kms_key_id = None
    return ""


def _group(self: Any) -> Any:
    name = self._get_param("logGroupName")
    if name not in self.logs_backend.groups:
        raise ResourceNotFoundException
    return self.logs_backend.groups[name]
