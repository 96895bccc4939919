"""A token bucket's arithmetic, with a clock of our own: nobody sleeps here."""

import pytest

from reconciler.aws import throttle
from reconciler.aws.throttle import OTHERS, RATES, Bucket, Throttle


@pytest.fixture
def clock(monkeypatch):
    """Stands still until it is moved; what would sleep moves it."""
    clock = Clock()
    monkeypatch.setattr(throttle, "time", clock)
    monkeypatch.setattr(throttle, "Bucket", lambda *quota: bucket(clock, *quota))
    return clock


class Clock:
    def __init__(self):
        self.now, self.slept = 1000.0, []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def bucket(clock, rate, burst):
    return Bucket(rate, burst, at=clock.now)


def test_a_burst_goes_at_once_and_then_each_waits_for_its_token(clock):
    one = bucket(clock, 2, 3)
    assert [one.take() for _ in range(6)] == [0, 0, 0, 0.5, 1.0, 1.5]


def test_tokens_come_back_with_time(clock):
    one = bucket(clock, 2, 3)
    for _ in range(3):
        one.take()
    clock.now += 0.5
    assert one.take() == 0
    clock.now += 0.25
    assert one.take() == pytest.approx(0.25)


def test_an_idle_hour_saves_no_more_than_a_burst(clock):
    one = bucket(clock, 2, 3)
    clock.now += 3600
    assert [one.take() for _ in range(4)] == [0, 0, 0, 0.5]


def test_who_waited_as_told_never_exceeds_the_rate(clock):
    one, sent = bucket(clock, 5, 5), []
    for _ in range(50):
        clock.sleep(one.take())
        sent.append(clock.now)
    for first, sixth in zip(sent[5:], sent[10:], strict=False):
        assert sixth - first >= 1 - 1e-9
    assert sent[-1] == pytest.approx(1000 + 45 / 5)


@pytest.mark.parametrize(("service", "burst"), [("route53", 5), ("lambda", 15), ("s3", 100)])
def test_each_service_has_its_own_quota(clock, service, burst):
    wait = Throttle().taker(service)
    for _ in range(burst + 1):
        wait(request="any")
    rate = RATES.get(service, OTHERS)[0]
    assert clock.slept == [0] * burst + [pytest.approx(1 / rate)]


def test_the_regions_of_a_service_share_its_quota_and_services_do_not(clock):
    taker = Throttle().taker
    here, there, other = taker("route53"), taker("route53"), taker("iam")
    for _ in range(5):
        here()
    other()
    there()
    assert [each > 0 for each in clock.slept] == [False] * 6 + [True]
