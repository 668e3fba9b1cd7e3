"""Finds passages, and only those that the subject may read now."""
