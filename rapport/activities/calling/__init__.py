"""The best time to call somebody, learned from which calls were answered."""
