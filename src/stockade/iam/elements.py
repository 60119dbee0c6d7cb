"""What ``Action`` and ``Resource`` list, as patterns that are read when somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterable

from stockade.iam.glob import Pattern, as_resource, glob
from stockade.iam.match import Shape
from stockade.iam.policy import Strings
from stockade.iam.texts import Fillings, Texts, settled, with_variables
from stockade.memory import remembered
from stockade.value import Hole, Known, shape_of


def actions(listed: Strings | None) -> Texts:
    """The actions of an element, in lower case: their case does not count."""
    if listed and (texts := _as_written(listed)) is not None:
        return Texts.of_globs(dict.fromkeys(map(str.lower, texts)), _action_glob)
    shapes, unknown = shapes_of(listed or ())
    return Texts(map(_action, shapes), unknown=unknown or not listed)


def resources(listed: Strings | None, fillings: Fillings | None) -> Texts | None:
    """The resources of an element; without ``fillings`` there are no variables in them."""
    if listed is None:
        return None
    if (texts := _as_written(listed)) is not None and not any("${" in one for one in texts):
        return Texts.of_globs(dict.fromkeys(texts), _resource_glob)
    shapes, unknown = shapes_of(listed)
    if not fillings:
        return Texts((_resource(one, fillings is not None) for one in shapes), unknown=unknown)
    return Texts(settled(map(glob, shapes), fillings, reading=as_resource), unknown=unknown)


def shapes_of(listed: Strings) -> tuple[list[Shape], bool]:
    """The shapes of all texts of which something is known, and whether there may be others."""
    shapes: list[Shape] = []
    unknown = False
    for one in listed:
        if isinstance(one, Known):
            shapes.append((one.value,) if one.value else ())
        elif one.text is None:
            unknown = True
        else:
            shapes.append(shape_of(one))
    return list(dict.fromkeys(shapes)), unknown


def words(listed: Strings | None, *, fold: bool = False) -> frozenset[Shape] | None:
    """The texts of an element; ``None`` where there is no such element, or there may be others.

    With ``fold`` their case does not count.
    """
    shapes, unknown = shapes_of(listed or ())
    if unknown or listed is None:
        return None
    return frozenset(map(_lower, shapes) if fold else shapes)


def has_variable(texts: Iterable[Shape]) -> bool:
    """Whether one of some texts has a policy variable, in a policy of a version that has any."""
    return any(isinstance(piece, str) and "${" in piece for shape in texts for piece in shape)


def _as_written(listed: Strings) -> list[str] | None:
    """The texts of an element of which all are known; else ``None``."""
    texts = [one.value for one in listed if isinstance(one, Known)]
    return texts if len(texts) == len(listed) else None


@remembered(1 << 14)
def _action_glob(text: str) -> Pattern:
    return glob(text)


@remembered(1 << 14)
def _resource_glob(text: str) -> Pattern:
    return as_resource(glob(text))


@remembered(1 << 14)
def _action(shape: Shape) -> Pattern:
    return glob(_lower(shape))


def _lower(shape: Shape) -> Shape:
    return tuple(piece if isinstance(piece, Hole) else piece.lower() for piece in shape)


@remembered(1 << 14)
def _resource(shape: Shape, variables: bool) -> Pattern:
    pattern = glob(shape)
    return as_resource(with_variables(pattern) if variables else pattern)
