"""How much a failed rule or a finding matters."""

SEVERITIES = ("error", "warning", "note")  # the gravest first
SETTLING = ("explained", "accepted")  # answers after which nothing is left to do
