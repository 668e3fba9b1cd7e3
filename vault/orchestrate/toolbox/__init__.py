"""Tools that every home has: they read with the caller's rights and write only inside the home."""
