"""Single sign-on: a firm's own identity provider says who somebody is (OpenID Connect)."""
