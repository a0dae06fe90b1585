"""The chart of a list: its groups as bars."""
