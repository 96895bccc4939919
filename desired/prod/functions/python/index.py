"""Stands in until the pipeline uploads the function's own code: says so, and does nothing else."""


def handler(event, context):
    print("No code has been deployed to this function yet.")
