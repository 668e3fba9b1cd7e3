"""A document's life after capture: who may see it now, what replaces it, and its end."""
