"""Misread or wrong in the source? The likeliest way to explain constraints that do not hold, and what it proposes."""
