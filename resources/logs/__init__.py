"""The types of CloudWatch Logs."""
