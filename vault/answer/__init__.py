"""Answers made of quotes that were found again in their source, or an abstention."""
