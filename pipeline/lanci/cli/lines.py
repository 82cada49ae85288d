"""Pieces of the lines that commands print."""

from __future__ import annotations


def to_count(number: int, noun: str) -> str:
    """``1 page``, ``2,400 pages``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def to_reason(category: str, message: str) -> str:
    """Why something failed, on one line."""
    return f"{category}: {' '.join(message.split())}"
