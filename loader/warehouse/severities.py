"""The severities of failed rules and findings."""

SEVERITIES = ("error", "warning", "note")  # the most severe first
SETTLING = ("explained", "accepted")  # answers that settle a failure
