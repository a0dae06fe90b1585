"""Users, teams and roles for programs of administrators, by the actions that their pages use."""
