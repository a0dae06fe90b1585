"""Invoices: what customers are to pay, what they paid, and what they hold against it."""
