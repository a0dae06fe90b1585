"""Contracts: what customers pay again and again, renewals, and recurring revenue."""
