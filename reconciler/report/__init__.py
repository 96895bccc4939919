"""
What a run says of itself, for people and for machines. Only here (and in cli.py) anything prints.

Everything is made from one `Result`, which `secrets.masked` has gone over before anybody sees it.
"""

from reconciler.report.entries import exit_code

__all__ = ["exit_code"]
