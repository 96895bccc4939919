"""Hours in which nothing is changed: premieres, nights on which tickets go on sale.

`window.py` is one of them, `table.py` reads those that environment.yaml writes out, `calendar.py`
those of an .ics file; `freezes.py` says what they mean to a step."""

from reconciler.freezes.freezes import Freezes, windows, wrong
from reconciler.freezes.window import Window

__all__ = ["Freezes", "Window", "windows", "wrong"]
