"""`muvi-converge` in the sandbox of a test, listing no more types than that test declares."""

from __future__ import annotations

import os
import sys

from reconciler import run
from reconciler.cli import main
from reconciler.plan.observe import kinds

TYPES = {"logs.log_group", "s3.bucket"}

if __name__ == "__main__":
    run.kinds = lambda estate, types: kinds(estate, TYPES & {*types})
    main([f"--sandbox={os.environ['SANDBOX']}", "--policy", *sys.argv[1:]])
