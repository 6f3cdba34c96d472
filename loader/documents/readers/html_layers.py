"""Layers of style sheets (@layer): which of them goes before which, whatever their rules select."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from loader.documents.readers.html_style_sheets import Layer, Rule

LayerRank = tuple[float, ...]


def ranks_of(rules: Iterable[Rule]) -> dict[Layer, LayerRank]:
    """Layers by the order in which they are named first, the later ones higher; what stands in none of the layers
    within one is higher than these. What is important goes by the opposite order."""
    places: dict[Layer, float] = {}
    layers = dict.fromkeys(rule.layer for rule in rules)
    for layer in layers:
        for depth in range(1, len(layer) + 1):
            places.setdefault(layer[:depth], len(places))
    return {layer: (*(places[layer[:depth]] for depth in range(1, len(layer) + 1)), inf) for layer in layers}


def opposite(rank: LayerRank) -> LayerRank:
    """The rank of what is important in a layer."""
    return tuple(-place for place in rank)
