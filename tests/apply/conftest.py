"""All these tests run in a made-up AWS."""

from tests.shop import clock, estate, shop

__all__ = ["clock", "estate", "shop"]
