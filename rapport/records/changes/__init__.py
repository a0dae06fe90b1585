"""Reading the diary: history, and undo of any change set."""
