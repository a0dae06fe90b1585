"""Saved views: what they hold, who sees them, and what they are to their users."""
