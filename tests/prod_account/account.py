"""An AWS account that is being filled, and what its sections tell each other."""

from __future__ import annotations

import io
import json
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.prod_account.tables import MAIN

CODE = io.BytesIO()
with zipfile.ZipFile(CODE, "w") as archive:
    archive.writestr("index.js", "exports.handler = async () => {}")
    archive.writestr("index.py", "def handler(event, context): pass")


@dataclass
class Account:
    """`client` is `session.client`, or anything like it."""

    client: Any
    ids: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """By kind and name: the id or ARN that AWS chose."""

    def __call__(self, service: str, region: str = MAIN) -> Any:
        return self.client(service, region_name=region)

    @cached_property
    def role(self) -> str:
        """One that all services may take; the report knows none of the real ones."""
        services = ("backup", "codebuild", "codepipeline", "config", "ecs-tasks", "lambda", "rds")
        services += ("s3", "states", "events", "application-autoscaling")
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": [f"{each}.amazonaws.com" for each in services]},
            "Action": "sts:AssumeRole",
        }
        made = self("iam").create_role(
            RoleName="muvi-prod-services",
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        )
        return made["Role"]["Arn"]

    def subnets(self, tier: str, region: str = MAIN) -> list[str]:
        """The ids of a tier's subnets."""
        return list(self.ids[f"{tier} subnet {region}"].values())

    def group(self, name: str) -> str:
        """The id of a security group."""
        return self.ids["security group"][name]
