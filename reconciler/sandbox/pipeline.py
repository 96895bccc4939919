"""The pipeline: everyday it has pushed every image, and deployed to every function."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any

from moto.awslambda.models import LambdaBackend
from moto.ecr.models import ECRBackend, Image

from reconciler.sandbox.corrections import Method, corrects
from reconciler.sandbox.people import people

STANDS_IN = b"No code has been deployed"
"""What the code says that a function has until the pipeline brings its own."""
DIGEST = f"sha256:{'0' * 64}"


@corrects(ECRBackend, "describe_images")
def describe_images(
    original: Method, self: Any, repository_name: str, registry_id: Any, image_ids: Any
) -> Any:
    """moto has no pipeline: an image that is asked for by name has been pushed.
    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html"""
    repository = self._get_repository(repository_name, registry_id)
    if people.absent or repository.images or not image_ids:
        return original(self, repository_name, registry_id, image_ids)
    return [
        Image(self.account_id, each.get("imageTag"), "{}", repository_name, digest=DIGEST)
        for each in image_ids
    ]


@corrects(LambdaBackend, "create_function")
def create_function(original: Method, self: Any, spec: Any) -> Any:
    """moto has no pipeline: what stands in for a function's code is replaced at once.
    https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html"""
    function = original(self, spec)
    if not people.absent and STANDS_IN in getattr(function, "code_bytes", b""):
        function._set_function_code({"ZipFile": base64.b64encode(_deployed()).decode()})
    return function


def _deployed() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.js"), "exports.handler = async () => {};\n")
    return buffer.getvalue()
