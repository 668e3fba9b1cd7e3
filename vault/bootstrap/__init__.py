"""The composition root: builds every service of one home, once, and only when it is needed."""

from vault.bootstrap.vault import Vault

__all__ = ["Vault"]
