"""Rules that ask the product as it is set up."""
