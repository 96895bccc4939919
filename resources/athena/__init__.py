"""The types of Athena."""
