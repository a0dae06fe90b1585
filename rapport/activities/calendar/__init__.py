"""The calendar of a person and his colleagues: meetings, calls and tasks by their hours."""
