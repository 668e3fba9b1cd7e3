"""Measurements of the vault against its own promises and against its peers."""
