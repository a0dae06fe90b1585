"""Booking pages: strangers book, move and cancel meetings with colleagues who have time."""
