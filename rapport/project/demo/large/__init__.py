"""A sample company of a million people: the same every time, realistic, and made in minutes."""

from rapport.project.demo.large.filling import Amounts, fill

__all__ = ["Amounts", "fill"]
