"""The house rules as tests. Each rule is a function, tried on a bad sample beside its test."""
