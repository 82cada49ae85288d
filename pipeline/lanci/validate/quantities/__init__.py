"""The same quantity in several places of a document: amounts of its tables by what they count, to be compared."""
