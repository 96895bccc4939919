"""Messages to people: a topic of SNS, a webhook such as Slack's, and metrics of CloudWatch.

What could not be delivered is told to the run, and ends nothing."""

from reconciler.notify.channels import Channel, Topic, Webhook, send
from reconciler.notify.message import Message
from reconciler.notify.metrics import metrics

__all__ = ["Channel", "Message", "Topic", "Webhook", "metrics", "send"]
