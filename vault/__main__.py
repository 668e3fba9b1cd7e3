"""The ``strongroom`` command."""

from vault.cli.app import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
