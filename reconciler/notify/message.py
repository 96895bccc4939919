"""What people are told: a subject, and lines of plain text without secrets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One message, the same in every channel."""

    subject: str
    lines: tuple[str, ...]

    def text(self, most: int) -> str:
        """The lines, so many of them as `most` characters hold, and how many there are more."""
        kept: list[str] = []
        left = most - len("… and 99999 lines more")
        for line in self.lines:
            left -= len(line) + 1
            if left < 0:
                return "\n".join([*kept, f"… and {len(self.lines) - len(kept)} lines more"])
            kept.append(line)
        return "\n".join(kept)
