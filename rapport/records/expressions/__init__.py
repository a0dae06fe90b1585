"""Formulas: read, given their types, and made into SQL."""

from rapport.records.expressions.checking import Ground, check
from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.grounds import ObjectGround
from rapport.records.expressions.looking import sql_of
from rapport.records.expressions.nodes import Node
from rapport.records.expressions.parsing import parse

__all__ = ["FormulaError", "Ground", "Node", "ObjectGround", "check", "parse", "sql_of"]
