"""The timeline of a list: records along three months."""
