"""Tools that are reached outside of the vault's own code, one module a kind."""
