"""What every run did: one document each, in the bucket of the lease and on this machine.

It holds what a report holds and each call that changed something, and no secret."""

from reconciler.journal.journal import Journal, Nowhere
from reconciler.journal.places import Bucket, Folder

__all__ = ["Bucket", "Folder", "Journal", "Nowhere"]
