"""Calendar files as every calendar program exchanges them (RFC 5545)."""
