"""Terraform's types over our values: what a list, a set, a map and an object are, and conversions.

Inside ``Known`` stand: ``None`` (null), ``bool``, ``int`` or ``Decimal`` (numbers are exact: ``int``
whenever integral), ``str``, and containers whose elements are values themselves, each with its own
origin:

    tuple     an HCL tuple, elements of any types          List(tuple)   a list, elements of one type
    Set       a set: unique, in Terraform's order           dict          an object
    Map(dict) a map, elements of one type
"""

from __future__ import annotations

from stockade.errors import StockadeError


class EvaluationError(StockadeError):
    """An expression Terraform itself would refuse: a wrong type, no such key. ``try`` catches it."""


class List(tuple):  # type: ignore[type-arg]
    """A list: a tuple whose elements have one type."""

    __slots__ = ()


class Set(tuple):  # type: ignore[type-arg]
    """A set: no element twice, in the order in which Terraform iterates."""

    __slots__ = ()


class Map(dict):  # type: ignore[type-arg]
    """A map: an object whose values have one type."""

    __slots__ = ()
