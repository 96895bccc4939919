"""Which of AWS's operations only read, by their names."""

READING = (
    "AssumeRole",
    "BatchGet",
    "Describe",
    "Get",
    "Head",
    "List",
    "Lookup",
    "Query",
    "Search",
    "Select",
    "Simulate",
    "Validate",
)


def reads(operation: str) -> bool:
    """Whether `ec2.DescribeVpcs` changes nothing. What we do not know may change something."""
    return operation.rpartition(".")[2].startswith(READING)
