"""Corrections of how moto takes requests that come at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

from moto.iam.models import IAMBackend


def test_two_requests_never_work_on_the_account_together(moto, monkeypatch):
    both = Barrier(2)
    met = []

    def roles(self, *_, **__):
        try:
            both.wait(timeout=0.5)
            met.append(True)
        except BrokenBarrierError:
            both.reset()
        return [], None

    monkeypatch.setattr(IAMBackend, "get_roles", roles)
    monkeypatch.setattr(IAMBackend, "list_roles", roles)
    iam = moto("iam")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: iam.list_roles(), range(2)))
    assert met == []
