"""Says in sentences whether an instance is well, and what to do where it is not."""

from .examine import examine, glance
from .finding import Finding, Grade

__all__ = ["Finding", "Grade", "examine", "glance"]
