"""Which indexes the saved views of a firm lack, and building them."""
