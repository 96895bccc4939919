"""One run at a time: a lease, kept as one conditional object in a bucket of the account.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html"""

from reconciler.lease.lease import Lease
from reconciler.lease.store import Store

__all__ = ["Lease", "Store"]
