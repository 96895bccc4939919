"""The types of the Elastic Container Registry."""
