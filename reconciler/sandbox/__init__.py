"""An AWS of our own: moto, made as strict and as faithful as the parts of AWS that we use."""

EMBEDDED = "embedded"
"""What `--sandbox` says where it names no URL: one that lasts as long as the command."""
