"""One box over every object: records by the words in them, mistyped or not."""
