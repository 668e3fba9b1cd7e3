"""How long the machine looks: the same short walk each time, or a long hunt from a new seed."""

from hypothesis import HealthCheck, Phase, settings

USUAL = settings(
    max_examples=24,
    stateful_step_count=14,
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=False,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
HUNT = "hunt"
settings.register_profile(
    HUNT,
    USUAL,
    max_examples=400,
    stateful_step_count=40,
    derandomize=False,
    phases=[Phase.generate, Phase.shrink],
)


def chosen() -> settings:
    """Return the settings of this run: the hunt's if that was asked for."""
    return settings.get_profile(HUNT) if settings.get_current_profile_name() == HUNT else USUAL
