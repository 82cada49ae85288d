"""What each classifier is made of."""

from __future__ import annotations

from dataclasses import dataclass

from lanci.classify.models import CELLS, COLUMNS, FACETS, LINKS, ROLES


@dataclass(frozen=True, slots=True)
class Field:
    """How one field of a sample is encoded: character n-grams up to ``longest``, or tokens (``longest`` 0).

    ``weight`` multiplies its features. Signs are many and certain on known forms; a lower weight keeps the words
    in charge, which carry over to forms never seen.
    """

    longest: int
    max_features: int
    weight: float
    min_count: int = 2


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a classifier is made of: the encoding of its fields, its heads and the regularisation."""

    fields: tuple[Field, ...]
    heads: tuple[str, ...]
    inverse_strength: float


_LINKS = Field(0, 100, 0.3)
"""The roles of neighbours. A low weight: in training they are true, and would take the place of what is seen."""

RECIPES = {
    ROLES: Recipe((Field(3, 2500, 3.0), Field(0, 2000, 1.0), _LINKS), ("role",), 10.0),
    CELLS: Recipe((Field(3, 1500, 3.0), Field(2, 400, 1.0), Field(0, 2000, 0.5), _LINKS), ("role",), 10.0),
    COLUMNS: Recipe((Field(3, 2500, 3.0), Field(0, 2000, 0.7), _LINKS), ("role",), 5.0),
    FACETS: Recipe(
        (
            Field(4, 2500, 2.5),
            Field(2, 500, 1.0),
            Field(3, 2500, 2.0),
            Field(2, 2500, 2.0),
            Field(0, 500, 0.3),
            Field(3, 1000, 0.25),
            Field(3, 1000, 1.0),
        ),
        ("kind", "fund", "scope", "classification"),
        10.0,
    ),
    LINKS: Recipe((Field(2, 300, 0.3), Field(0, 500, 1.0)), ("continues",), 10.0),
}
