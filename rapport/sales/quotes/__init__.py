"""Quotes: what is asked of them, what they come to, their cards and pages."""
