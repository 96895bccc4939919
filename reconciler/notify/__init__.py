"""What a run tells people and CloudWatch when it is over."""

from reconciler.notify.channels import channels
from reconciler.notify.message import Channel, Message, send
from reconciler.notify.metrics import metrics
from reconciler.notify.topic import Topic
from reconciler.notify.webhook import Webhook

__all__ = ["Channel", "Message", "Topic", "Webhook", "channels", "metrics", "send"]
