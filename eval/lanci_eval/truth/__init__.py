"""Work on the ground truth: draft, look at, check, exchange and count annotations."""
