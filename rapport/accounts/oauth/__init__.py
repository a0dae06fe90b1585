"""Apps of others: how people let them act for them, by OAuth 2.1."""
