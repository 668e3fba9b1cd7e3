"""Looks for what should not be retrieved before a person has seen it."""
