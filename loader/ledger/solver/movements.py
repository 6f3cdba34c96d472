"""Cells that agree → the lines that they leave open, and the ways in which these lines can be exchanged."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from loader.ledger.clock import spend
from loader.ledger.solver.equation import Equation

if TYPE_CHECKING:
    import numpy as np

_MOST_LINES = 1500  # that elimination can take
_PRIME = 2**31 - 1
_WORK_OF_FIELD = 0.001  # of the matrix, for each step of the elimination


class Movements:
    """A basis of the ways in which open lines could be exchanged for each other: a row for each, modulo a prime."""

    def __init__(self, basis: np.ndarray) -> None:
        self._basis = basis
        # each line with a random mixture of its movements: if movements cancel each other, so do these marks
        generator = random.Random(0)
        mixture = [generator.randrange(1, _PRIME) for _ in range(basis.shape[1])]
        self._marks: list[int] = (basis * mixture % _PRIME).sum(axis=1).tolist()

    def keep(self, positions: Sequence[int]) -> bool:
        """Whether every exchange keeps the sum of these lines, given by position."""
        if sum([self._marks[position] for position in positions]) % _PRIME:
            return False
        return not (self._basis[positions].sum(axis=0) % _PRIME).any()


def moving(undecided: list[int], agreeing: Sequence[Equation]) -> tuple[list[int], Movements | None]:
    """Those of the undecided lines that can be exchanged for others, with their movements. With too many lines: all of
    them, and None."""
    basis = _null_space(undecided, agreeing) if undecided else None
    if basis is None:
        return undecided, None
    found = [k for k, movement in enumerate(basis) if movement.any()]
    return [undecided[k] for k in found], Movements(basis[found])


def _null_space(core: list[int], equations: Sequence[Equation]) -> np.ndarray | None:
    """A basis of the exchanges between open lines that change no agreeing cell.

    It is the null space of the cells, by elimination modulo a prime. This is exact, while floating point has to guess
    what is zero. It also avoids the threads of linear algebra libraries, which slow down such small matrices.
    """
    import numpy as np

    if len(core) > _MOST_LINES:
        return None
    position = {m: k for k, m in enumerate(core)}
    rows = {tuple(position[m] for m in e.members if m in position) for e in equations}
    matrix = np.zeros((len(rows), len(core)), dtype=np.int64)
    spend(_WORK_OF_FIELD * matrix.size * min(matrix.shape))
    for number, row in enumerate(sorted(rows)):
        matrix[number, list(row)] = 1
    pivots: list[int] = []
    for column in range(len(core)):
        rank = len(pivots)
        below = matrix[rank:, column].nonzero()[0]
        if not below.size:
            continue
        matrix[[rank, rank + below[0]]] = matrix[[rank + below[0], rank]]
        matrix[rank] = matrix[rank] * pow(int(matrix[rank, column]), -1, _PRIME) % _PRIME
        others = matrix[:, column].nonzero()[0]
        others = others[others != rank]
        matrix[others] = (matrix[others] - matrix[others, column][:, None] * matrix[rank]) % _PRIME
        pivots.append(column)
    decided = set(pivots)
    free = [column for column in range(len(core)) if column not in decided]
    basis = np.zeros((len(core), len(free)), dtype=np.int64)
    basis[free, range(len(free))] = 1
    basis[pivots] = -matrix[: len(pivots), free] % _PRIME
    return basis
