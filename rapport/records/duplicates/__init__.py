"""Records that mean the same person or company: found, judged, merged, and parted again."""
