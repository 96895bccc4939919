"""The types of DevOps Guru."""
