"""Meetings that repeat: their rule, and the meetings it makes."""
