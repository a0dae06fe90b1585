"""The `rapport` command: one file per verb, each with its options and what it does."""
