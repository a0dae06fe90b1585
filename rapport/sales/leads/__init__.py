"""The lead inbox: leads by urgency, one open beside them, judged with one key each."""
