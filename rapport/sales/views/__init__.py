"""Pages about sales that no list or form of the engine gives."""
