"""ECS services: what moto forgets there, and the deployments that it does not play."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores, utcnow
from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.models import elbv2_backends
from moto.moto_api._internal import mock_random

from reconciler.sandbox.corrections import Method, corrects

ROLLING = {
    "bakeTimeInMinutes": 0,
    "deploymentCircuitBreaker": {"enable": False, "rollback": False},
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "strategy": "ROLLING",
}
DROPPED: dict[str, Any] = {  # and what AWS answers where nothing was given
    "availabilityZoneRebalancing": "ENABLED",
    "capacityProviderStrategy": [],
    "enableECSManagedTags": False,
    "enableExecuteCommand": False,
    "healthCheckGracePeriodSeconds": 0,
    "placementConstraints": [],
    "placementStrategy": [],
    "serviceConnectConfiguration": None,
}
DEPLOYED = (
    "networkConfiguration",
    "platformVersion",
    "serviceConnectConfiguration",
    "taskDefinition",
)
STARTS = (*DEPLOYED, "loadBalancers", "serviceRegistries")
"""An update of these begins a deployment, which holds the first four of them."""


@corrects(EC2ContainerServiceResponse, "create_service")
def create_service(original: Method, self: Any) -> ActionResult:
    """moto drops some settings, replaces an existing service, and lets pass a task without
    network and a target group without listener. API_CreateService.html"""
    given = {each: value for each, value in self._get_params().items() if each != "clientToken"}
    there = _service(self, given["serviceName"])
    if there and there.status != "INACTIVE":
        return ActionResult({"service": _same(there, given)})
    _check(self, given)
    original(self)
    made = _service(self, given["serviceName"])
    made.asked = given
    made.deployment_configuration = {**ROLLING, **given.get("deploymentConfiguration", {})}
    for name, default in DROPPED.items():
        setattr(made, camelcase_to_underscores(name), given.get(name, default))
    if "capacityProviderStrategy" in given:
        made.launch_type = None
    elif given.get("launchType") == "FARGATE":
        made.platform_version = given.get("platformVersion", "LATEST")
    made.deployments = []
    _deploy(made)
    return ActionResult({"service": made})


@corrects(EC2ContainerServiceResponse, "update_service")
def update_service(original: Method, self: Any) -> ActionResult:
    """moto stores the task definition as it was spelled, and begins no deployment.
    API_UpdateService.html, API_Deployment.html"""
    given = dict(self._get_params())
    service = _service(self, given["service"].split("/")[-1])
    if service and service.status != "ACTIVE":
        raise ECSException("ServiceNotActiveException", "Service was not ACTIVE.")
    before = {name: _setting(service, name) for name in STARTS} if service else {}
    original(self)
    if "taskDefinition" in given:
        revision = self.ecs_backend.describe_task_definition(given["taskDefinition"])
        service.task_definition = revision.arn
    if "networkConfiguration" in given:
        service.network_configuration = _placed(given)
    if given.get("forceNewDeployment") or before != {n: _setting(service, n) for n in STARTS}:
        _deploy(service)
    return ActionResult({"service": service})


@corrects(EC2ContainerServiceResponse, "describe_services")
def describe_services(original: Method, self: Any) -> Any:
    """moto never finishes a deployment; here who looks first sees it under way, who looks again
    sees it done. API_DescribeServices.html"""
    answer = original(self)
    for service in answer.result["services"]:
        under_way = [each for each in service.deployments if each["rolloutState"] == "IN_PROGRESS"]
        if service.status == "ACTIVE" and under_way and getattr(service, "looked_at", False):
            _finish(service)
        service.looked_at = True
    return answer


@corrects(EC2ContainerServiceBackend, "list_services")
def list_services(original: Method, self: Any, *of: Any, **named: Any) -> list[str]:
    """moto lists deleted services, AWS does not. API_DeleteService.html"""
    active = {each.arn for each in self.services.values() if each.status == "ACTIVE"}
    return [arn for arn in original(self, *of, **named) if arn in active]


@corrects(Service, "_validate_network")
def _validate_network(original: Method, self: Any, nc: dict[str, Any]) -> dict[str, Any]:
    """moto fails without security groups; AWS then takes the VPC's default one.
    API_AwsVpcConfiguration.html"""
    nc["awsvpcConfiguration"].setdefault("securityGroups", [])
    checked: dict[str, Any] = original(self, nc)
    return _placed({"networkConfiguration": checked})


def _service(self: Any, name: str) -> Any:
    cluster = self._get_param("cluster", "default").split("/")[-1]
    return self.ecs_backend.services.get(f"{cluster}:{name}")


def _same(there: Any, given: dict[str, Any]) -> Any:
    if there.status == "DRAINING":
        raise InvalidParameterException("Unable to Start a service that is still Draining.")
    if getattr(there, "asked", None) != given:
        raise InvalidParameterException("Creation of service was not idempotent.")
    return there


def _check(self: Any, given: dict[str, Any]) -> None:
    definition = self.ecs_backend.describe_task_definition(given["taskDefinition"])
    if definition.network_mode == "awsvpc" and "networkConfiguration" not in given:
        raise InvalidParameterException(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        )
    known = elbv2_backends[self.current_account][self.region].target_groups
    for each in given.get("loadBalancers", []):
        group = known.get(each.get("targetGroupArn"))
        if group and not group.load_balancer_arns:
            raise InvalidParameterException(
                f"The target group with targetGroupArn {group.arn} "
                "does not have an associated load balancer."
            )


def _placed(given: dict[str, Any]) -> dict[str, Any]:
    network = given["networkConfiguration"]["awsvpcConfiguration"]
    return {"awsvpcConfiguration": {"assignPublicIp": "DISABLED", "securityGroups": [], **network}}


def _setting(service: Any, name: str) -> Any:
    return getattr(service, camelcase_to_underscores(name), None)


def _deploy(service: Any) -> None:
    """A new deployment beside those whose tasks still run, or start."""
    if service.deployment_controller["type"] != "ECS":
        return
    number, now = mock_random.randint(10**18, 10**19), utcnow()
    alive = [each for each in service.deployments if each["runningCount"] or each["pendingCount"]]
    old = [{**each, "status": "ACTIVE"} for each in alive]
    new = {
        **{name: _setting(service, name) for name in DEPLOYED},
        "createdAt": now,
        "desiredCount": service.desired_count,
        "failedTasks": 0,
        "id": f"ecs-svc/{number}",
        "launchType": service.launch_type,
        "pendingCount": service.desired_count,
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": f"ECS deployment ecs-svc/{number} in progress.",
        "runningCount": 0,
        "status": "PRIMARY",
        "updatedAt": now,
    }
    service.deployments, service.looked_at = [new, *old], False


def _finish(service: Any) -> None:
    count, new = service.desired_count, service.deployments[0]
    new |= {"pendingCount": 0, "rolloutState": "COMPLETED", "runningCount": count}
    new["rolloutStateReason"] = f"ECS deployment {new['id']} completed."
    service.deployments, service.running_count, service.pending_count = [new], count, 0
    steady = f"(service {service.name}) has reached a steady state."
    service.events.insert(0, {"id": new["id"], "createdAt": utcnow(), "message": steady})
