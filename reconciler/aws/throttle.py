"""A token bucket per service and account: we leave the rest of the quota to others."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

# Requests a second, and how many at once. Route 53 and Lambda document their quotas:
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
RATES = {
    "route53": (5.0, 5.0),
    "lambda": (15.0, 15.0),
    "wafv2": (3.0, 5.0),
    "iam": (15.0, 20.0),
    "cloudfront": (5.0, 20.0),
    "cloudwatch": (6.0, 6.0),  # no more than 3 of them may write alarms
    "rds": (20.0, 40.0),
    "kms": (5.0, 10.0),
    "ssm": (10.0, 20.0),
    "sns": (10.0, 30.0),
    "elasticache": (10.0, 20.0),
}
OTHERS = (50.0, 100.0)
OPERATIONS = {"cloudtrail.LookupEvents": (2.0, 2.0)}
"""Operations with a quota of their own, far below their service's.
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html"""


@dataclass
class Bucket:
    """So many tokens a second, never more than the burst."""

    rate: float
    burst: float
    tokens: float = field(init=False)
    at: float = field(default_factory=time.monotonic)
    lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def take(self) -> float:
        """Take a token; the seconds to wait until it is ours."""
        with self.lock:
            now = time.monotonic()
            self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate) - 1
            self.at = now
            return max(0.0, -self.tokens / self.rate)


class Throttle:
    """One bucket per service, and one for every operation that has a quota of its own."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}

    def taker(self, service: str) -> Callable[..., None]:
        """What `before-send` calls: it returns when the request may go."""
        bucket = self._buckets.setdefault(service, Bucket(*RATES.get(service, OTHERS)))
        for name, quota in OPERATIONS.items():
            self._buckets.setdefault(name, Bucket(*quota))

        def wait(event_name: str = "", **_: Any) -> None:
            own = self._buckets.get(event_name.removeprefix("before-send."), bucket)
            time.sleep(own.take())

        return wait
