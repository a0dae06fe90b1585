"""Forms on web pages: what they ask, what strangers meet, what becomes of what they send."""
