"""Policy, protection, the brake: what this run refuses to do, and what would lift it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler import registry
from reconciler.aws.ownership import NOBODY, PROTECT, Ownership
from reconciler.errors import Brake
from reconciler.load import Environment
from reconciler.model import Action, Tags
from reconciler.result import Decision

LOSES = {Action.DELETE, Action.REPLACE}
WRITES = {
    Action.ADOPT,
    Action.CREATE,
    Action.UPDATE,
    Action.DISRUPT,
    Action.REPLACE,
    Action.DELETE,
}
CHANGES = {Action.UPDATE, Action.DISRUPT}


@dataclass(frozen=True)
class Safety:
    """What the environment's policy lets this run do. In the sandbox all of it is let."""

    environment: Environment
    allowed: Collection[str] = ()
    """Kinds of action and addresses that the command line names."""
    attended: bool = False
    """Whether a person at a terminal is shown the plan, and asked, before anything is done."""
    enforced: bool = True

    def gate(
        self,
        decision: Decision,
        tags: Tags,
        protected: bool,
        ownership: Ownership = NOBODY,
    ) -> str:
        """What holds this action, and the line that lifts it; empty if nothing does."""
        if not self.enforced or decision.action not in WRITES:
            return ""
        if decision.address in self.allowed:
            return ""
        if objection := ownership.objection(final=decision.action in LOSES):
            return f"{objection}, or --allow {decision.address}"
        if decision.action in LOSES and (protected or PROTECT in tags):
            return f"it is protected, so only its name lifts this: --allow {decision.address}"
        return self._policy(decision)

    def watches(self, decision: Decision) -> bool:
        """Whether this run may do nothing at all to that resource."""
        steps = (replace(decision, action=action) for action in WRITES)
        return all(self.gate(step, {}, protected=False) for step in steps)

    def untouched(self, address: str, region: str) -> bool:
        """The same, of whatever it will find of a resource."""
        return self.watches(Decision(address, region, Action.NO_OP, ""))

    def _policy(self, decision: Decision) -> str:
        kind = decision.action.value
        if kind in self.allowed:
            return ""
        holds_data = registry.handler(decision.type).holds_data
        policy = self.environment.policy
        word = policy.says(decision.address, decision.action, holds_data)
        if word == "apply" or (word == "ask" and self.attended):
            return ""
        about = decision.address if decision.address in policy.types else decision.type
        asked = "asks first, and nobody can answer here" if word == "ask" else "refuses it"
        return (
            f"policy for {kind} of {about} in {self.environment.source.file} {asked}: "
            f"--allow {kind} lifts it for one run"
        )

    def brake(self, decisions: Iterable[Decision]) -> None:
        """Raise Brake if more would be lost or changed than the limits allow."""
        open_ones = [each for each in decisions if not each.gate]
        held = Counter(each.action for each in open_ones)
        counts = {
            "delete": held[Action.DELETE],
            "replace": held[Action.REPLACE],
            "change": sum(map(_changes, open_ones)),
        }
        over = [
            f"{counts[name]} to {name}, and the limit is {limit}"
            for name, limit in self.environment.limits.items()
            if self.enforced and counts.get(name, 0) > limit
        ]
        if over:
            raise Brake(
                f"this run stops before its first change: {'; '.join(over)}. If that is meant, "
                f"raise `limits` in {self.environment.source.file} for this change"
            )


def in_the_way(address: str, used: Mapping[str, Sequence[str]]) -> str:
    """What holds a replacement for which the old object would have to go first."""
    users = used.get(address)
    if not users:
        return ""
    return (
        f"AWS takes its name only once, and {', '.join(users[:3])} would be without it meanwhile: "
        "declare the new one under a new name beside it, let them refer to that, and take "
        "this one out afterwards"
    )


def _changes(decision: Decision) -> bool:
    """An update, or an adoption that writes more than tags."""
    more = any(not each.path.startswith("tags.") for each in decision.diff)
    return decision.action in CHANGES or (decision.action is Action.ADOPT and more)
