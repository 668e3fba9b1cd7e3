"""The encrypted database: the only room that speaks SQL."""
