"""What spans the house: its rules, business scenarios, and the pages in a real browser."""
