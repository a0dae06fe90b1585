"""A sample company that looks alive: one change set, so that undo clears it."""

from rapport.project.demo.build import DemoExists, build
from rapport.project.demo.large import Amounts, fill
from rapport.project.demo.scores import begin_scores

__all__ = ["Amounts", "DemoExists", "begin_scores", "build", "fill"]
