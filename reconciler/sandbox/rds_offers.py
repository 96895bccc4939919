"""What Aurora PostgreSQL is offered as: versions that one may still make, and instance classes.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/AuroraPostgreSQL.Updates.html
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.html"""

from __future__ import annotations

MINORS = {
    14: (6, 17, 18, 19, 20, 22, 23, 24),
    15: (2, 3, 4, 5, 6, 7, 8, 10, 12, 13, 14, 15, 17, 18, 19),
    16: (1, 2, 3, 4, 6, 8, 9, 10, 11, 13, 14, 15),
    17: (4, 5, 6, 7, 9, 10, 11),
    18: (3, 4, 6),
}
LARGE = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
SIZES = {
    "r5": LARGE,
    "r6g": LARGE,
    "r6i": (*LARGE, "24xlarge", "32xlarge"),
    "r7g": LARGE,
    "r8g": (*LARGE, "24xlarge", "48xlarge"),
    "t3": ("medium", "large"),
    "t4g": ("medium", "large"),
}
CLASSES = {"db.serverless"} | {
    f"db.{name}.{size}" for name, sizes in SIZES.items() for size in sizes
}


def creatable(version: str) -> bool:
    """Whether a new cluster may have this version, or a minor of this major one."""
    return newest(version) in {
        f"{major}.{minor}" for major, minors in MINORS.items() for minor in minors
    }


def newest(version: str) -> str:
    """The version itself, or the newest minor of a major one."""
    minors = MINORS.get(int(version), ()) if version.isdigit() else ()
    return f"{version}.{max(minors)}" if minors else version
