"""Who gets new leads and how soon they are to be answered; when people work."""
