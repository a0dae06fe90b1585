"""Several files at once: a folder or a ZIP of what another program exports."""
