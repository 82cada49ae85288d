"""Evaluation of lanci and of other systems on the same documents."""
