"""What programs ask of the catalog besides its records."""
