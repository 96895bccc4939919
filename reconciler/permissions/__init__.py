"""Which permissions the files of an environment need, told without asking AWS.

`operations.py` reads in the handlers' code what they may call, `needs.py` says which actions that
takes (`tables.py`) on what (`names.py`), and `documents.py` writes policies as AWS takes them."""

from reconciler.permissions.documents import policies

__all__ = ["policies"]
