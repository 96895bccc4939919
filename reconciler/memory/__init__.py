"""What the periodic run remembers of drifts, so that people are told once.

`known.py` says whether a drift is the same as before, `book.py` keeps it in the bucket of
the lease, `news.py` says what is new, has changed, or is gone."""

from reconciler.memory.book import Book
from reconciler.memory.known import Known, Memory, mark
from reconciler.memory.news import news

__all__ = ["Book", "Known", "Memory", "mark", "news"]
