"""Exports that other products wrote, read offline with the rights that are in them."""
