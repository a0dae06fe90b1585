"""Which fields stand where on a record's page and its form: as declared, or as arranged by hand."""
