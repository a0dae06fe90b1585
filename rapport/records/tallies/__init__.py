"""What stands in the lanes of a board, kept by the database in the transaction of each write."""
