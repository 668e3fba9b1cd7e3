"""One Cedar policy set answers every question of right."""
