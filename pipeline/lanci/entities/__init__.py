"""Whose document it is: its place among the 行政区划 and its department, with the printed form kept."""

from lanci.entities.match import EntityMatch, normalise
from lanci.entities.mentions import Basis

__all__ = ["Basis", "EntityMatch", "normalise"]
