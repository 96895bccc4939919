"""What a webhook is sent, what of its answers is a failure, and that its URL is told nowhere."""

from __future__ import annotations

import json
import logging
import socket
import traceback

import pytest
import urllib3
from urllib3.exceptions import (
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from reconciler.errors import Undelivered
from reconciler.notify import Message, Webhook, send
from reconciler.notify.webhook import TALKATIVE, _hushed, _pool
from tests.notify.conftest import Pool

HOST, PATH = "hooks.slack.example", "/services/T0/B0/s3cr3t-token"
URL = f"https://{HOST}{PATH}"
MESSAGE = Message("UAT: 1 drift", ("a <b> & c",))
SLOW = ReadTimeoutError(None, URL, f"Read timed out: {URL}")
GONE = ProtocolError(f"Connection aborted by {URL}", ConnectionResetError(URL))
FAILURES = {
    "slow": ([SLOW, SLOW], "did not answer within 10 seconds"),
    "nobody": ([NewConnectionError(None, f"no {URL}")], "nobody answers at its host"),
    "proxy": ([ProxyError(f"no {URL}", OSError(URL))], "HTTPS_PROXY"),
    "certificate": ([SSLError(URL)], "certificate"),
    "aborted": ([GONE], "ProtocolError"),
    "retried": ([MaxRetryError(None, URL, GONE)], "MaxRetryError"),
    "odd": ([ValueError(URL)], "ValueError"),
    "500": ([500, 503], "answers 503"),
    "429": ([429, 429], "answers 429"),
    "redirect": ([(302, {"Location": f"{URL}/else"})], "answers 302"),
    "gone": ([404], "make a new one"),
    "closed": ([410], "make a new one"),
    "forbidden": ([403], "make a new one"),
    "taken for nonsense": ([400], "does not take our message"),
}


def webhook(pool, url=URL):
    pauses = []
    made = Webhook(url, pool, pauses.append)
    made.pauses = pauses
    return made


def test_a_message_is_posted_as_slack_takes_it():
    pool = Pool(200)
    webhook(pool).send(MESSAGE)
    (asked,) = pool.asked
    assert (asked.method, asked.url, pool.hosts) == ("POST", URL, [HOST])
    assert json.loads(asked.body) == {"text": "UAT: 1 drift\na &lt;b&gt; &amp; c"}
    assert asked.headers["Content-Type"].startswith("application/json")
    assert asked.timeout.total == 10
    assert (asked.retries, asked.redirect, asked.preload_content) == (False, False, False)
    assert pool.closed == 1


def test_the_line_that_ends_a_file_is_no_part_of_the_url():
    pool = Pool(200)
    webhook(pool, f"{URL}\n").send(MESSAGE)
    assert pool.asked[0].url == URL


@pytest.mark.parametrize("letter", ["a", "&", "漢"])
def test_a_long_message_is_cut_after_it_is_escaped_and_never_inside_of_an_escape(letter):
    pool = Pool(200, 200)
    for lines in ((letter * 99,) * 2000, (letter * 99_000,)):
        webhook(pool).send(Message(letter * 9, lines))
        text = json.loads(pool.asked[-1].body)["text"]
        assert 39_400 < len(text) <= 40_000 or len(lines) == 1
        bare = text.replace("&amp;", "")
        assert "&" not in bare
        assert text.splitlines()[-1] == f"… {len(lines) - len(text.splitlines()) + 2} more"


@pytest.mark.parametrize(
    ("first", "pauses"),
    [
        (500, [1.0]),
        (503, [1.0]),
        (429, [1.0]),
        ((429, {"Retry-After": "3"}), [3.0]),
        ((429, {"Retry-After": "3600"}), [5.0]),
        ((503, {"Retry-After": "Fri, 27 Nov 2026 00:00:00 GMT"}), [1.0]),
        (SLOW, [1.0]),
    ],
)
def test_what_may_pass_is_tried_once_more(first, pauses):
    pool = Pool(first, 200)
    one = webhook(pool)
    one.send(MESSAGE)
    assert one.pauses == pauses
    assert len(pool.asked) == 2


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_says_what_to_do_and_never_the_url(failure, caplog):
    caplog.set_level(logging.DEBUG)
    answers, words = FAILURES[failure]
    pool = Pool(*answers)
    one = webhook(pool)
    with pytest.raises(Undelivered) as raised:
        one.send(MESSAGE)
    assert str(raised.value).startswith("the webhook was not told: ")
    assert words in str(raised.value)
    assert pool.answers == []
    assert len(pool.asked) == len(answers)
    told = "".join(traceback.format_exception(raised.value)) + repr(one) + caplog.text
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None
    assert PATH not in told
    assert HOST not in told


@pytest.mark.parametrize(
    "url",
    [
        f"http://{HOST}{PATH}",
        f"{HOST}{PATH}",
        f"ftp://{HOST}{PATH}",
        f"https://[{HOST}{PATH}",
        "https:///s3cr3t-token",
        "",
    ],
)
def test_only_https_is_spoken(url):
    pool = Pool()
    (failed,) = send([webhook(pool, url)], MESSAGE)
    assert "must be one of https" in failed
    assert "s3cr3t" not in failed
    assert pool.asked == []


@pytest.fixture
def closed():
    """A port of this machine at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_the_real_pool_tells_nothing_either(closed, caplog, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    caplog.set_level(logging.DEBUG)
    (failed,) = send([Webhook(f"https://127.0.0.1:{closed}{PATH}")], MESSAGE)
    assert failed == "the webhook was not told: nobody answers at its host"
    assert [each.name for each in caplog.records if each.name.startswith("urllib3")] == []


@pytest.mark.parametrize("module", TALKATIVE)
def test_urllib3_is_hushed_while_we_speak_and_only_then(module, caplog):
    caplog.set_level(logging.DEBUG)
    logger = logging.getLogger(f"urllib3.{module}")
    with _hushed():
        logger.warning("POST %s", URL)
    logger.warning("of others")
    assert caplog.messages == ["of others"]


def test_every_module_of_urllib3_that_logs_is_known():
    loggers = {each for each in logging.root.manager.loggerDict if each.startswith("urllib3.")}
    leaves = {
        each for each in loggers if not any(other.startswith(f"{each}.") for other in loggers)
    }
    assert {f"urllib3.{each}" for each in TALKATIVE} >= leaves - {"urllib3.response"}


@pytest.fixture
def proxied(monkeypatch):
    def proxy(**variables):
        for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return _pool(HOST)

    return proxy


def test_without_a_proxy_it_goes_straight_and_trusts_what_the_machine_trusts(proxied):
    pool = proxied()
    assert type(pool) is urllib3.PoolManager
    trusted = pool.connection_pool_kw["ssl_context"]
    assert (trusted.check_hostname, trusted.verify_mode.name) == (True, "CERT_REQUIRED")


@pytest.mark.parametrize("said", ["http://proxy.example:3128", "proxy.example:3128"])
def test_it_goes_through_the_proxy_that_is_set(proxied, said):
    pool = proxied(HTTPS_PROXY=said)
    assert isinstance(pool, urllib3.ProxyManager)
    assert pool.proxy.url == "http://proxy.example:3128"
    assert pool.connection_pool_kw["ssl_context"].check_hostname is True


def test_a_proxy_is_told_who_we_are(proxied):
    pool = proxied(HTTPS_PROXY="http://us:p%40ss@proxy.example:3128")
    assert pool.proxy_headers == urllib3.make_headers(proxy_basic_auth="us:p@ss")


def test_what_no_proxy_excepts_goes_straight(proxied):
    pool = proxied(HTTPS_PROXY="http://proxy.example:3128", NO_PROXY=HOST)
    assert type(pool) is urllib3.PoolManager
