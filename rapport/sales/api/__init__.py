"""What programs may ask about sales beside the records."""
