"""Who read what must be answered for, and who took records out."""
