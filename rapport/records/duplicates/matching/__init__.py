"""Finds pairs of rows that mean the same, by Splink on DuckDB or Spark; knows no database of ours.

Heavy libraries are imported inside functions: a web process never needs them.
"""
