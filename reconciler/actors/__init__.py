"""Who else changes the account: what CloudTrail tells, read and sorted by who did it.

`trail.py` asks CloudTrail, `identity.py` says whose an identity is (ours, a pipeline's, AWS's, a
person's), `change.py` is what both speak of. Nothing here ends a run: what is unread is told."""

from reconciler.actors.change import Change, Kind, Ours
from reconciler.actors.trail import changes, regions

__all__ = ["Change", "Kind", "Ours", "changes", "regions"]
