"""The types of DynamoDB."""
