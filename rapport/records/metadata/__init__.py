"""Fields that an administrator makes in the browser: what they are, where they lie, who heard."""
