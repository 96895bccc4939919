"""ECS clusters and task definitions: what moto forgets there, or lets pass."""

from __future__ import annotations

from typing import Any

from moto.ecs.exceptions import EcsClientException, ECSException, TaskDefinitionNotFoundException
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse

from reconciler.sandbox.corrections import Method, corrects

# CPU units: memory from, to and in steps of so many GiB.
FARGATE = {
    512: (1, 4, 1),
    1024: (2, 8, 1),
    2048: (4, 16, 1),
    4096: (8, 30, 1),
    8192: (16, 60, 4),
    16384: (32, 120, 8),
}
UNEVEN = {256: {512, 1024, 2048}, 32768: {61440, 122880, 249856}}
EMPTY = ("environment", "mountPoints", "portMappings", "systemControls", "volumesFrom")


@corrects(EC2ContainerServiceBackend, "create_cluster")
def create_cluster(
    original: Method, self: Any, cluster_name: str, *settings: Any, **named: Any
) -> Any:
    """moto replaces an existing cluster; AWS answers with it. API_CreateCluster.html"""
    there = self.clusters.get(cluster_name)
    if there and there.status == "ACTIVE":
        return there
    return original(self, cluster_name, *settings, **named)


@corrects(EC2ContainerServiceBackend, "delete_cluster")
def delete_cluster(original: Method, self: Any, cluster_str: str) -> Any:
    """moto deletes a cluster under its services; AWS refuses. API_DeleteCluster.html"""
    name = cluster_str.split("/")[-1]
    inside = [each for each in self.services.values() if each.cluster_name == name]
    if any(each.status == "ACTIVE" for each in inside):
        raise ECSException(
            "ClusterContainsServicesException",
            "The Cluster cannot be deleted while Services are active.",
        )
    return original(self, cluster_str)


@corrects(EC2ContainerServiceBackend, "describe_task_definition")
def describe_task_definition(original: Method, self: Any, task_definition_str: str) -> Any:
    """moto takes a family for its newest revision, deregistered or not; AWS for the newest
    ACTIVE one. moto fails where a revision is no number. API_DescribeTaskDefinition.html"""
    name = task_definition_str.split("/")[-1]
    if ":" in name and not name.partition(":")[2].isdecimal():
        raise EcsClientException(f"Invalid revision number. Number: {name.partition(':')[2]}")
    if ":" in name:
        return original(self, task_definition_str)
    revisions = self.task_definitions.get(name, {}).values()
    active = [each.revision for each in revisions if each.status == "ACTIVE"]
    if not active:
        raise TaskDefinitionNotFoundException
    return original(self, f"{name}:{max(active)}")


@corrects(EC2ContainerServiceResponse, "register_task_definition")
def register_task_definition(original: Method, self: Any) -> Any:
    """moto takes any size for Fargate, forgets enableFaultInjection, and fills in few of AWS's
    defaults. API_RegisterTaskDefinition.html, API_ContainerDefinition.html"""
    given = self._get_params()
    if "FARGATE" in given.get("requiresCompatibilities", []):
        _check_fargate(given)
    answer = original(self)
    made = answer.result["taskDefinition"]
    made.enable_fault_injection = given.get("enableFaultInjection", False)
    made.container_definitions = [
        _filled(each, made.network_mode) for each in made.container_definitions
    ]
    return answer


def _check_fargate(given: dict[str, Any]) -> None:
    if given.get("networkMode") != "awsvpc":
        raise EcsClientException("Fargate only supports network mode ‘awsvpc’.")
    if "cpu" not in given or "memory" not in given:
        raise EcsClientException("Fargate requires task definition to have cpu and memory.")
    cpu, memory = int(given["cpu"]), int(given["memory"])
    low, high, step = FARGATE.get(cpu, (0, -1, 1))
    even = {gib * 1024 for gib in range(low, high + 1, step)}
    if memory not in UNEVEN.get(cpu, even):
        raise EcsClientException(
            f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory."
        )


def _filled(container: dict[str, Any], network: str) -> dict[str, Any]:
    """A container with the defaults that AWS answers with."""
    empty: dict[str, Any] = {name: [] for name in EMPTY}
    ports = [_mapped(each, network) for each in container.get("portMappings", [])]
    return {"cpu": 0, "essential": True, **empty, **container, "portMappings": ports}


def _mapped(port: dict[str, Any], network: str) -> dict[str, Any]:
    alike = network in ("awsvpc", "host") and "containerPort" in port
    host = {"hostPort": port["containerPort"]} if alike else {}
    return {"protocol": "tcp", **host, **port}
