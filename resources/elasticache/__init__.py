"""What the types of ElastiCache share: how tags are written, and where they are read."""

from __future__ import annotations

from reconciler.handler import Handler, Tagging, missing
from reconciler.model import Found, Tags

TAGGING = Tagging(
    "add_tags_to_resource",
    "remove_tags_from_resource",
    id="ResourceName",
    of="ARN",
    tags="Tags",
    erased="TagKeys",
)


def tags(handler: Handler, found: Found) -> Tags:
    """The tags of an object, wherever AWS shows them."""
    if found.tags is not None:
        return found.tags
    with missing("InvalidReplicationGroupState"):
        answer = handler.client.list_tags_for_resource(ResourceName=found.arn)
        return TAGGING.from_aws(answer["TagList"])
    # ElastiCache shows no tags of what it is at work on; the tagging API does.
    swept = handler.aws.client("resourcegroupstaggingapi", handler.home)
    shown = swept.get_resources(ResourceARNList=[found.arn])["ResourceTagMappingList"]
    return TAGGING.from_aws(shown[0]["Tags"] if shown else None)
