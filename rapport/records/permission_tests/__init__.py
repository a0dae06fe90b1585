"""Statements on rights that the house keeps asking: "Sales North must not see deals of South"."""
