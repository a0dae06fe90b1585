"""Orders: what is kept and sent for them, their cards and pages."""
