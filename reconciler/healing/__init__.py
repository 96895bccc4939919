"""What the periodic run repairs by itself, and what it leaves to people: kind, type, class, and time.

`classes.py` says of which class a drift is, `trail.py` who changed its object last, `bounds.py` what
environment.yaml allows, `heal.py` puts these together for one decision after the other."""

from reconciler.healing.heal import Heal

__all__ = ["Heal"]
