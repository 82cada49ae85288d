"""The rules, one class in one file each: those that find constraints and those that check what is no arithmetic."""
