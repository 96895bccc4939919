"""Doing what a plan says: the only part of the engine that changes AWS."""
