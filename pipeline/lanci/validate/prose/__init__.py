"""What the prose of a document says of its amounts: figures of this year, changes, and lists of parts."""
