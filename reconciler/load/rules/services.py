"""What ECS refuses: services whose container, port, network or target group does not fit.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.load.problems import Finding, meant
from reconciler.load.rules.balancers import GROUP, forwarded
from reconciler.load.rules.place import Place

SPOKEN = {"HTTP": "tcp", "HTTPS": "tcp", "TCP": "tcp", "TLS": "tcp", "UDP": "udp"}
NETWORK = "networkConfiguration.awsvpcConfiguration"


def container_port(service: Place) -> Iterator[Finding]:
    """What is registered is a container of the task definition, and a port of it."""
    definition = service.at("taskDefinition").of("ecs.task_definition")
    if definition is None:
        return
    ports = {
        each.at("name").text: [port.value for port in each.all("portMappings.containerPort")]
        for each in definition.at("containerDefinitions")
    }
    for entry in service.at("loadBalancers"):
        name, port = entry.at("containerName"), entry.at("containerPort")
        if name.text and "" not in ports and name.text not in ports:
            yield name.wrong(
                f"is {name.text}, but {definition.resource.address} has no such container, so ECS "
                f"would refuse the service; it has {', '.join(ports)}.{meant(name.text, ports)}",
                sure=False,
            )
        elif (
            name.text
            and not (port.open or port.missing)
            and port.value not in ports.get(name.text, [port.value])
        ):
            yield port.wrong(
                f"is {port.value}, which container {name.text} of {definition.resource.address} "
                "does not open, so ECS would refuse the service; add it to the portMappings",
                sure=False,
            )


def port_protocol(service: Place) -> Iterator[Finding]:
    """A port that is opened for UDP hears nothing of a load balancer that speaks TCP."""
    definition = service.at("taskDefinition").of("ecs.task_definition")
    for entry in service.at("loadBalancers") if definition else ():
        group = entry.at("targetGroupArn").of(GROUP)
        wanted = SPOKEN.get(group.at("Protocol").text, "") if group else ""
        opened = _opened(definition, entry) if definition else ""
        if group and wanted and opened and opened != wanted:
            yield entry.at("containerPort").wrong(
                f"is {entry.at('containerPort').value}, which the container opens for {opened}, "
                f"but {group.resource.address} speaks {group.at('Protocol').text}, so nothing "
                f"would arrive; write protocol: {wanted} in its portMappings",
                sure=False,
            )


def _opened(definition: Place, entry: Place) -> str:
    """For which protocol the container opens the port; empty if nobody knows, or it does not."""
    for container in definition.at("containerDefinitions"):
        for port in container.at("portMappings"):
            same = port.at("containerPort").value == entry.at("containerPort").value
            if same and container.at("name").text == entry.at("containerName").text:
                said = port.at("protocol")
                return "tcp" if said.missing else said.text
    return ""


def target_type(service: Place) -> Iterator[Finding]:
    """Tasks with addresses of their own are registered by them."""
    definition = service.at("taskDefinition").of("ecs.task_definition")
    if definition is None or definition.at("networkMode").text != "awsvpc":
        return
    for place in service.all("loadBalancers.targetGroupArn"):
        group = place.of(GROUP)
        kind = group.at("TargetType") if group else place
        if group and (kind.missing or kind.text not in ("", "ip")):
            yield place.wrong(
                f"is {group.resource.address}, whose TargetType is {kind.text or 'instance'}, but "
                "tasks in network mode awsvpc register by address, so ECS would refuse the "
                "service; make it ip",
                not kind.missing,
            )


def group_forwarded(service: Place) -> Iterator[Finding]:
    """ECS takes a target group only once a load balancer sends to it."""
    reached = service.whole.once(forwarded)
    for place in service.all("loadBalancers.targetGroupArn"):
        group = place.of(GROUP)
        if group and "" not in reached and group.resource.address not in reached:
            yield place.wrong(
                f"is {group.resource.address}, to which no listener or rule forwards, so ECS would "
                "refuse the service; forward to it in an elbv2.listener or elbv2.rule",
                sure=False,
            )


def network_given(service: Place) -> Iterator[Finding]:
    """Tasks with addresses of their own need to know where."""
    definition = service.at("taskDefinition").of("ecs.task_definition")
    awsvpc = definition and definition.at("networkMode").text == "awsvpc"
    fargate = service.at("launchType").text == "FARGATE"
    if (fargate or awsvpc) and service.at("networkConfiguration").missing:
        kind = "runs on Fargate" if fargate else "has tasks in network mode awsvpc"
        yield service.wrong(
            f"{kind} without networkConfiguration, so ECS would not know where to; add "
            "{awsvpcConfiguration: {subnets: [...], securityGroups: [...]}}"
        )


def one_network(service: Place) -> Iterator[Finding]:
    """A load balancer reaches tasks in its own VPC."""
    groups = [each.of(GROUP) for each in service.all("loadBalancers.targetGroupArn")]
    homes = [group.at("VpcId") for group in groups if group]
    for name, kind in (("subnets", "ec2.subnet"), ("securityGroups", "ec2.security_group")):
        for place in service.all(f"{NETWORK}.{name}"):
            declared = place.of(kind)
            vpc = declared.at("VpcId") if declared else place
            home = next((each for each in homes if declared and vpc.differs(each)), None)
            if home:
                yield place.wrong(
                    f"is {place.identity} of {vpc.identity}, but the service's target group is in "
                    f"{home.identity}, from where it would not be reached; take one of "
                    f"{home.identity}"
                )
