"""A sample company that looks alive: one change set, so that undo clears it."""

from rapport.project.demo.build import DemoExists, build
from rapport.project.demo.scores import begin_scores

__all__ = ["DemoExists", "begin_scores", "build"]
