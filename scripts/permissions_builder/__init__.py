"""Rewrites reconciler/permissions/reference.json from AWS's Service Authorization Reference."""
