"""Background work as pages."""
