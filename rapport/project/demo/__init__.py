"""A sample company that looks alive: one change set, so that undo clears it."""

from rapport.project.demo.build import DemoExists, build

__all__ = ["DemoExists", "build"]
