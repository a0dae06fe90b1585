"""Call lists at work: whose turn it is, one open at a time, noted with one key each."""
