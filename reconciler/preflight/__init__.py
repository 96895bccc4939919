"""
What only the account knows, asked before the first change: reading calls, and none in a quiet run.

* `questions`    what is asked, and that what may not be read is told once
* `addresses`    free addresses in the subnets of what shall be made there
* `quotas`       how many AWS lets the account have
* `names`        names that are taken once in all accounts
* `permissions`  what the policies of who runs this do not allow

What it finds is told and stops nothing: AWS has the last word, and each step hears it.
"""

from reconciler.preflight.questions import foresee

__all__ = ["foresee"]
