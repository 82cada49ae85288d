"""What the caller may set."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StitchOptions:
    """Settings of the stage.

    Attributes:
        threshold: parts are joined from this probability on (0..1).
        doubtful_from: below this probability a decision not to join is sure.
        doubtful_to: above this probability a join is sure; in between it is marked "doubtful".
    """

    threshold: float = 0.5
    doubtful_from: float = 0.2
    doubtful_to: float = 0.8

    def __post_init__(self) -> None:
        if not 0.0 <= self.doubtful_from <= self.threshold <= self.doubtful_to <= 1.0:
            raise ValueError("0 <= doubtful_from <= threshold <= doubtful_to <= 1 must hold")
