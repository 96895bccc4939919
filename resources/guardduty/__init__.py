"""The types of GuardDuty."""
