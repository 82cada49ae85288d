"""The forms of a budget disclosure, each from the facts of a budget and the manner of a document."""
