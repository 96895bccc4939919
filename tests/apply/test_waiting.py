"""Every wait has a bound, and says what it waited for."""

import pytest

from reconciler.apply.waiting import SANDBOX, Pace, Patience
from reconciler.errors import NotSettled

PACE = Pace(tick=2, longest=5)


def test_looks_come_later_each_time_up_to_the_longest(clock):
    patience = Patience(PACE)
    laters = [patience.later("AWS", 100) for _ in range(4)]
    assert [each.seconds for each in laters] == [2, 4, 5, 5]
    assert {each.why for each in laters} == {"AWS"}


def test_the_bound_is_kept_and_the_message_says_for_what(clock):
    patience = Patience(PACE)
    patience.later("the gateway to come up", 60)
    clock.passes(59)
    patience.later("the gateway to come up", 60)
    clock.passes(2)
    with pytest.raises(NotSettled, match=r"after 61 seconds still: the gateway to come up\. "):
        patience.later("the gateway to come up", 60)


def test_another_reason_is_another_wait(clock):
    patience = Patience(PACE)
    patience.later("one", 60)
    clock.passes(50)
    assert patience.later("other", 60).seconds == 2
    clock.passes(50)
    assert patience.later("other", 60).seconds == 4


def test_all_who_look_within_a_tick_share_their_listings(clock):
    clock.now = 10_000.5
    first = PACE.instant(0)
    clock.passes(1)
    assert PACE.instant(0) == first == 10_000
    clock.passes(1)
    assert PACE.instant(0) == 10_002


def test_a_tick_never_reaches_back_before_the_first_step(clock):
    clock.now = 10_001.5
    assert PACE.instant(clock.now - 1) == 10_000.5


def test_the_sandbox_is_quicker_in_everything():
    pace = Pace()
    for name in ("tick", "longest", "grace", "believed"):
        assert getattr(SANDBOX, name) < getattr(pace, name)
