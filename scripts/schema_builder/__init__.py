"""Builds the JSON Schema of a type from a short recipe and botocore's model of the service.

Nothing of AWS's documentation is copied: what a property is for is said by the recipe."""
