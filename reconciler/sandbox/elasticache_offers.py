"""What ElastiCache offers: node types by region, versions as it takes and as it tells them,
and the parameters that people may set.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/supported-engine-versions.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html"""

from __future__ import annotations

TOLD = {
    ("redis", "6.0"): "6.0.5",
    ("redis", "6.2"): "6.2.6",
    ("redis", "7.0"): "7.0.7",
    ("redis", "7.1"): "7.1.0",
    ("valkey", "7.2"): "7.2.6",
    ("valkey", "8.0"): "8.0.1",
    ("valkey", "8.1"): "8.1.0",
}
"""What a version that one asks for is called afterwards."""

NEWEST = {"redis": "7.1", "valkey": "8.1"}
FAMILIES = {"redis6.x", "redis7", "valkey7", "valkey8"}
BURSTING = {
    f"cache.{name}.{size}" for name in ("t3", "t4g") for size in ("micro", "small", "medium")
}
STEADY = {
    f"cache.{name}.{size}"
    for name in ("m5", "m6g", "m7g", "r5", "r6g", "r7g")
    for size in ("large", "xlarge", "2xlarge", "4xlarge", "12xlarge")
}
ABSENT = {"me-central-1": "cache.t4g."}
"""How the names of node types begin that a region has not."""

POLICIES = {
    f"{whose}-{which}" for whose in ("allkeys", "volatile") for which in ("lru", "lfu", "random")
} | {"volatile-ttl", "noeviction"}
PARAMETERS = {
    "activedefrag",
    "activerehashing",
    "hash-max-listpack-entries",
    "hash-max-listpack-value",
    "lazyfree-lazy-eviction",
    "lazyfree-lazy-expire",
    "lfu-decay-time",
    "lfu-log-factor",
    "list-compress-depth",
    "list-max-listpack-size",
    "maxmemory-policy",
    "maxmemory-samples",
    "notify-keyspace-events",
    "reserved-memory-percent",
    "set-max-intset-entries",
    "slowlog-log-slower-than",
    "slowlog-max-len",
    "stream-node-max-bytes",
    "stream-node-max-entries",
    "tcp-keepalive",
    "timeout",
    "tracking-table-max-keys",
    "zset-max-listpack-entries",
    "zset-max-listpack-value",
}


def offered(node_type: str, region: str) -> bool:
    """Whether a region has nodes of this type."""
    lacks = node_type.startswith(ABSENT.get(region, "nothing"))
    return node_type in BURSTING | STEADY and not lacks


def family(engine: str, version: str) -> str:
    """The family whose parameters a version takes."""
    major = version.partition(".")[0]
    return f"{engine}6.x" if major == "6" else f"{engine}{major}"


def takes(name: str, value: str) -> bool:
    """Whether a parameter may be set to this."""
    return name in PARAMETERS and (name != "maxmemory-policy" or value in POLICIES)
