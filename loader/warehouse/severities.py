"""The severities of failed rules and findings."""

SEVERITIES = ("error", "warning", "note")  # the most severe first
SETTLING = ("explained", "accepted")  # answers that settle a failure


def at_least(severity: str) -> tuple[str, ...]:
    """This severity and the higher ones."""
    return SEVERITIES[: SEVERITIES.index(severity) + 1]
