"""How much of a message fits, and that telling it never ends a run."""

import pytest

from reconciler.errors import Undelivered
from reconciler.notify import Message, send
from reconciler.notify.message import fitted

MESSAGE = Message("UAT drifted", ("one", "two"))


def octets(text):
    return len(text.encode())


class One:
    def __init__(self, error=None, name="one"):
        self.name, self.error, self.got = name, error, []

    def send(self, message):
        self.got.append(message)
        if self.error:
            raise self.error


def test_everybody_is_told_whoever_fails():
    every = [One(Undelivered("the topic was not told: x")), One(KeyError("a secret")), One()]
    failed = send(every, MESSAGE)
    assert failed[0] == "the topic was not told: x"
    assert "one was not told" in failed[1]
    assert "KeyError" in failed[1]
    assert "a secret" not in failed[1]
    assert len(failed) == 2
    assert [each.got for each in every] == [[MESSAGE]] * 3


def test_nobody_to_tell_is_no_failure():
    assert send([], MESSAGE) == []


def test_what_fits_is_told_whole():
    assert fitted(["a", "b"], 3, len) == "a\nb"


@pytest.mark.parametrize("limit", range(20, 60))
@pytest.mark.parametrize("measure", [len, octets])
@pytest.mark.parametrize("letter", ["a", "ü"])
def test_what_does_not_fit_is_counted(limit, measure, letter):
    lines = [letter * 9] * 20
    *kept, last = fitted(lines, limit, measure).split("\n")
    assert measure("\n".join([*kept, last])) <= limit
    if kept[0] == lines[0]:
        assert kept == lines[: len(kept)]
        longer = [*kept, lines[0], "… 20 more"]
        assert measure("\n".join(longer)) > limit
    assert last == f"… {20 - len(kept)} more"


def test_a_first_line_that_is_too_long_is_cut_and_the_others_counted():
    assert fitted(["x" * 50, "y"], 20, len) == "x" * 10 + "…\n… 1 more"
    assert fitted(["x" * 50], 20, len) == "x" * 10 + "…"
    assert octets(fitted(["ü" * 50], 20, octets)) <= 20


def test_half_a_character_is_no_reason_to_be_silent():
    assert fitted(["a\udc80"], 10, octets) == "a?"
