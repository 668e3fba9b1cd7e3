"""Turns the bytes of a source into labelled, embedded chunks, one transaction a document."""
