"""Reads untrusted files in a sandbox and gives canonical text with exact spans."""
