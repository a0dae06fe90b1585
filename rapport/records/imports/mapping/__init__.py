"""Proposes where the columns of a file go, by their names and by their values."""

from rapport.records.imports.mapping.sampling import sample_columns
from rapport.records.imports.mapping.suggestions import Suggestion, suggest
from rapport.records.imports.mapping.targets import Target

__all__ = ["Suggestion", "Target", "sample_columns", "suggest"]
