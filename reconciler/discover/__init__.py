"""What lives in an account and no YAML declares, as YAML of ours; and drift that is accepted.

Nothing here writes to AWS. What is to be written to files has been loaded, planned and found to
need nothing first: a draft whose plan would not be empty is told, and never written."""
