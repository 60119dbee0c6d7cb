"""AWS's Regions, as far as a text can be told to be none."""

from __future__ import annotations

from typing import Final

from stockade.patterns import lazy_regex

_FORM: Final = lazy_regex(
    r"(?:af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov|us-iso[a-z]?|eu-iso[a-z]?|eusc-de)"
    r"-(?:north|south|east|west|central)?(?:north|south|east|west)?-\d"
)


def may_be_region(text: str) -> bool:
    """Whether a text is a Region or has the form of one: AWS opens two or three a year.

    A typing error that gives another Region of the right form (``eu-west-9``) is not seen.
    """
    return _FORM.fullmatch(text) is not None and "--" not in text
