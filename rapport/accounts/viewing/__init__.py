"""Seeing the product as a colleague does, without being able to do anything as him."""
