"""Completeness: what a record lacks, by rules for each object, as a score that is a field."""
