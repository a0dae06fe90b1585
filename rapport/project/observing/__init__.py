"""What an operator can watch: requests by name, logs, metrics, slow statements, traces."""
