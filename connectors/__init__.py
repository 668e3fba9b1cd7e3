"""Sources the vault can follow; each reports facts and decides nothing."""
