"""How fast we are, against what the same calls to AWS cost at least. Run by `scripts/bench`.

A run of the engine is recorded in an AWS of our own, and answered again by a server that takes
50 ms per call and next to no CPU, so that what is measured is ours."""
