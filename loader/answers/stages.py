"""The stages of disclosures in Chinese."""

STAGES = {"budget": "预算", "adjusted": "调整预算", "final": "决算"}
