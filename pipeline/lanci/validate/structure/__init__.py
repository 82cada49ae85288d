"""What the rows of one table are to each other: which lines are parts of which, by codes, numbers, place or amounts."""
