"""What the periodic run repairs by itself, and what it leaves to people.

`classes.py` says of which class a drift is, `trail.py` who changed its object last, `heal.py` puts
both against what `heal` in environment.yaml allows, one decision after the other."""

from reconciler.healing.classes import classes
from reconciler.healing.heal import Heal, told_of
from reconciler.healing.trail import Trail

__all__ = ["Heal", "Trail", "classes", "told_of"]
