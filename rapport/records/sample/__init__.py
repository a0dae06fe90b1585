"""A toy house for the engine's own tests: two apps that don't know each other's insides."""
