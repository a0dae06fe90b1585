"""Where all domains meet: settings, addresses, the `rapport` command, the supervisor."""
