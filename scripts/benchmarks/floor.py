"""What the calls cost at least: a process that makes them from 32 threads, and nothing else.

`python -m benchmarks.floor FILE URL`; the file holds pickled calls."""

from __future__ import annotations

import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

THREADS = 32
CONFIG = Config(  # as the engine's clients have it
    connect_timeout=5,
    read_timeout=30,
    max_pool_connections=THREADS,
    retries={"mode": "standard", "total_max_attempts": 5},
)


def main(calls: list[tuple[str, str, str, Any]], endpoint: str) -> None:
    """Each call is a service, a region, an operation and its parameters."""
    session = boto3.Session("sandbox", "sandbox")
    clients = {
        (service, region): session.client(service, region, config=CONFIG, endpoint_url=endpoint)
        for service, region in sorted({each[:2] for each in calls})
    }

    def ask(call: tuple[str, str, str, Any]) -> None:
        service, region, operation, parameters = call
        method = getattr(clients[service, region], xform_name(operation))
        try:
            method(**parameters)
        except ClientError as error:  # such as that there is no policy: an answer like others
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
                raise

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(ask, calls))


if __name__ == "__main__":
    main(pickle.loads(Path(sys.argv[1]).read_bytes()), sys.argv[2])
