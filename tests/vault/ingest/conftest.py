"""Fixtures of the ingest room."""

from tests.vault.ingest.rightful import world

__all__ = ["world"]
