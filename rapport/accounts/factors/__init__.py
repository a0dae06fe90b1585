"""Second factors: what a person has besides the password, and the way in that asks for it."""
