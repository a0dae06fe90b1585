"""The import wizard: file, columns, check, run, report."""
