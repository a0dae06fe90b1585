"""The readable form of conditions: `city:Madrid deals:(state:open amount>10000)`."""

from rapport.records.conditions.text.parsing import from_text
from rapport.records.conditions.text.searching import split_search
from rapport.records.conditions.text.writing import to_text

__all__ = ["from_text", "split_search", "to_text"]
