"""`python -m reconciler` is `muvi-converge`."""

from reconciler.cli import main

main()
