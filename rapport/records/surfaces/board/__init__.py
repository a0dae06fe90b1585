"""The board: records as cards in lanes by the value of one field."""
