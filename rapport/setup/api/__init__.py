"""Users, teams, roles and apps for programs of administrators, by the actions of their pages."""
