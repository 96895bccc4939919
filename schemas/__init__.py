"""The shape of every type's properties: JSON Schema, built by scripts/schemas from recipes."""
