"""The calendar: records on the days of a month."""
