"""Clients that only answer what they are told to, and a pool that notes what is sent."""

from __future__ import annotations

from types import SimpleNamespace

import boto3
import pytest
from botocore.stub import Stubber

from tests.conftest import REGION


@pytest.fixture
def stubbed():
    """From a service to its client and what answers for it."""
    made = []

    def stub(service):
        client = boto3.client(service, region_name=REGION)
        made.append(Stubber(client))
        made[-1].activate()
        return client, made[-1]

    yield stub
    for each in made:
        each.assert_no_pending_responses()


class Pool:
    """Answers with what is given, one after the other, and raises what is an error."""

    def __init__(self, *answers):
        self.answers, self.asked, self.hosts, self.closed = list(answers), [], [], 0

    def __call__(self, host):
        self.hosts.append(host)
        return self

    def request(self, method, url, **more):
        self.asked.append(SimpleNamespace(method=method, url=url, **more))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, headers = answer if isinstance(answer, tuple) else (answer, {})
        return SimpleNamespace(status=status, headers=headers, close=self._close)

    def _close(self):
        self.closed += 1
