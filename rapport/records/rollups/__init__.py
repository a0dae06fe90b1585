"""Measures of related records, stored beside each record and kept from the change log."""
