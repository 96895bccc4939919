"""
A dry-run's plan in a file, and the apply that does exactly that or nothing.

* `file`         the file: written whole or not at all, for its owner's eyes; read with distrust
* `sealed`       secrets in it: a slow salted hash, which can be compared and not be read
* `declared`     what the YAML said, a digest a property, so that a comment does not count
* `document`     the plan as the document that schemas/plan.json describes
* `departures`   where the account is no longer as the plan saw it
* `plan`         a saved plan, held against the YAML and the account of this run
"""

from reconciler.saved.plan import Saved, opened, save

__all__ = ["Saved", "opened", "save"]
