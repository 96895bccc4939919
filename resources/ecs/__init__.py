"""What the types of ECS share: its services, and the deployments that say what these run."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Properties, Unknown, View

TAGGING = Tagging(key="key", value="value")
CONTAINERS = "containerDefinitions"
PATIENCE = timedelta(minutes=30)


def services(
    handler: Handler, since: float = 0, deleted: Collection[str] = ()
) -> Iterator[dict[str, Any]]:
    """Every service of every cluster, described ten at a time.

    AWS no longer lists what it drains after a delete, but still describes it by its ARN."""
    for cluster in handler.listing("list_clusters", since):
        with missing("ClusterNotFoundException"):  # deleted since it was listed
            below = f":service/{cluster.rpartition('/')[2]}/"
            draining = {arn for arn in deleted if below in arn}
            arns = {*handler.listing("list_services", since, cluster=cluster), *draining}
            ids = {"services": sorted(arns)}
            yield from handler.batched(
                "describe_services", since, 10, ids, cluster=cluster, include=["TAGS"]
            )


def primary(service: Properties) -> Properties:
    """The newest deployment; empty where something else than ECS deploys."""
    deployments = service.get("deployments") or []
    return next((each for each in deployments if each["status"] == "PRIMARY"), {})


def running(service: Properties) -> str | None:
    """The revision it runs: of the newest deployment that has not failed."""
    deployments = [primary(service), *(service.get("deployments") or [])]
    if not any(deployments):
        return service.get("taskDefinition")
    return next((each["taskDefinition"] for each in deployments if each and sound(each)), None)


def sound(deployment: Properties) -> bool:
    """Whether AWS has not given up on a deployment, and neither must we.

    Without a circuit breaker AWS goes on for ever with tasks that cannot start."""
    if deployment.get("rolloutState") == "FAILED":
        return False
    hopeless = deployment.get("failedTasks", 0) and not deployment.get("runningCount", 0)
    in_progress = deployment.get("rolloutState") == "IN_PROGRESS"
    return not (hopeless and in_progress and _age(deployment) > PATIENCE)


def images(revision: Any, view: View) -> list[Any]:
    """The images of a revision's containers: of what is registered, else of what shall be."""
    known = list(view("ecs.task_definition"))
    if isinstance(revision, Unknown):
        family = next((each["family"] for each in known if each.get("$address") == revision.of), "")
    else:
        family = str(revision).rpartition("/")[2].partition(":")[0]
    theirs = [each for each in known if each.get("family") == family and CONTAINERS in each]
    return [each.get("image") for each in theirs[-1][CONTAINERS]] if theirs else []


def _age(deployment: Properties) -> timedelta:
    born: datetime = deployment["createdAt"]
    return datetime.now(UTC) - born
