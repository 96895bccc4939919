"""The types of CloudTrail."""
