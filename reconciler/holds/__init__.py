"""Drift that somebody has asked to be left alone for a while: said in the YAML, or by `hold`.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html"""

from reconciler.holds.book import Book
from reconciler.holds.hold import Hold, Holds, accepted

__all__ = ["Book", "Hold", "Holds", "accepted"]
