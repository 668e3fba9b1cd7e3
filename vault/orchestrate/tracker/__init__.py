"""The home's own ticket tracker: real, small, and as permission-aware as everything else."""
