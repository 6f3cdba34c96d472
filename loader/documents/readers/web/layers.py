"""Layers of style sheets (@layer): their order of precedence, independent of selectors."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from loader.documents.readers.web.style_sheets import Layer, Rule

LayerRank = tuple[float, ...]


def ranks_of(rules: Iterable[Rule]) -> dict[Layer, LayerRank]:
    """Layers in the order in which they are first named, later ones ranked higher. Rules directly in a layer rank above
    those of its inner layers. Important declarations use the opposite order."""
    places: dict[Layer, float] = {}
    layers = dict.fromkeys(rule.layer for rule in rules)
    for layer in layers:
        for depth in range(1, len(layer) + 1):
            places.setdefault(layer[:depth], len(places))
    return {layer: (*(places[layer[:depth]] for depth in range(1, len(layer) + 1)), inf) for layer in layers}


def opposite(rank: LayerRank) -> LayerRank:
    """The rank of important declarations in a layer."""
    return tuple(-place for place in rank)
