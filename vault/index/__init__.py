"""Search that reads visible rows only: dense and lexical, in memory and in sealed files."""
