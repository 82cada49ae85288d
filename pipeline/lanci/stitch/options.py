"""What the caller may set."""

from __future__ import annotations

from dataclasses import dataclass

from lanci.errors import OverrideError
from lanci.override import Override


@dataclass(frozen=True, slots=True)
class StitchOptions:
    """Settings of the stage.

    Attributes:
        threshold: parts are joined from this probability on (0..1).
        doubtful_from: below this probability a decision not to join is sure.
        doubtful_to: above this probability a join is sure; in between it is marked "doubtful".
        overrides: joins and splits by the user; they hold whatever the probability.
    """

    threshold: float = 0.5
    doubtful_from: float = 0.2
    doubtful_to: float = 0.8
    overrides: tuple[Override, ...] = ()

    def __post_init__(self) -> None:
        """Check the settings.

        Raises:
            ValueError: the thresholds are out of order.
            OverrideError: the same place is to be joined and split.
        """
        if not 0.0 <= self.doubtful_from <= self.threshold <= self.doubtful_to <= 1.0:
            raise ValueError("0 <= doubtful_from <= threshold <= doubtful_to <= 1 must hold")
        found: dict[tuple[int, int], Override] = {}
        for override in self.overrides:
            other = found.setdefault((override.page, override.table), override)
            if other.action is not override.action:
                raise OverrideError(
                    f"{other} and {override}: a table cannot be joined and split at one place, "
                    f"page {override.page}; leave one of them out",
                    page=override.page,
                )
