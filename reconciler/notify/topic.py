"""A topic of SNS: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html"""

from __future__ import annotations

import unicodedata
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from reconciler.aws.failures import code
from reconciler.errors import Undelivered
from reconciler.notify.message import Message, fitted

SUBJECT = 99
"""AWS's page wants less than 100 characters, elsewhere at most 100."""
LONGEST = 256 * 1024
ASCII = str.maketrans({"…": "...", "–": "-", "—": "-", "“": '"', "”": '"', "‹": "<", "›": ">"})
REMEDIES = {
    "AuthorizationError": "let this run's role do sns:Publish there: `muvi-converge iam-policy`",
    "KMSAccessDenied": "let this run's role use the topic's key (kms:GenerateDataKey, kms:Decrypt)",
    "NotFound": "there is no such topic: correct notify.sns in environment.yaml",
}
"""What is to be done, by AWS's error code."""


class Topic:
    """Publishes to whoever subscribed to a topic."""

    def __init__(self, client: Any, arn: str) -> None:
        self.name = f"the topic {arn}"
        self._client, self._arn = client, arn

    def send(self, message: Message) -> None:
        lines = message.lines if any(map(str.strip, message.lines)) else (message.subject,)
        try:
            self._client.publish(
                TopicArn=self._arn,
                Subject=_subject(message.subject),
                Message=fitted(lines, LONGEST, lambda text: len(text.encode())) or "-",
            )
        except ClientError as error:
            remedy = REMEDIES.get(code(error), "")
            told = f"{self.name} was not told ({error})"
            raise Undelivered(f"{told}; {remedy}" if remedy else told) from error
        except (BotoCoreError, HTTPClientError) as error:
            raise Undelivered(f"{self.name} was not told ({error})") from error


def _subject(text: str) -> str:
    """One line of ASCII that begins with something to see; anything else AWS refuses."""
    plain = unicodedata.normalize("NFKD", text.translate(ASCII))
    bare = "".join(each for each in plain if not unicodedata.combining(each))
    seen = "".join(each if " " <= each <= "~" else "?" for each in " ".join(bare.split()))
    return seen[:SUBJECT].rstrip() or "muvi-converge"
