"""What functions and objects of packages lead to, as rows of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from stockade.records import dataclass

Operations = tuple[tuple[str, str], ...]
"""Operations, each with its service before it."""

ITSELF = "="
"""What a method gives that gives its own object."""

SERVICE = "service"
"""What a property is that is a client of the service of its name."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What calling a function or a method leads to; its arguments are known by paths.

    ``0.queueUrl`` is a member of the first argument, ``made.0.name`` of the first that an object was made
    with, ``kept.‹name›`` what another call kept, and ``*`` in a path the name that leads to the object, ``@``
    any; ``*`` by itself is that name. ``parameters`` are the request's, each with the paths that may fill it,
    the first that does; of paths with ``+`` between them all do.
    ``stream`` is called instead where the first argument holds ``stream: true``. ``client`` are paths of a
    client that is handed over, ``of_client`` leaves the operations of the service of which a client was
    handed over. ``of`` is the path of objects that are called instead, ``only`` a path and the texts of which
    one has to be there. ``gives`` is the kind of what comes back, ``listed`` the kind where the first
    argument is a list, ``alone`` the kind where there is none, ``short`` a path and the kind where something
    stands there and the first argument is an object of one member. It is ``many`` a list of it, made with
    these arguments if ``own`` (``made.maker`` are the others then), ``keeps`` the name under which its
    arguments are kept. ``constants`` are parameters too.
    """

    calls: Operations = ()
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    perhaps: Operations = ()
    stream: Operations = ()
    client: tuple[str, ...] = ()
    of_client: bool = False
    of: str = ""
    only: tuple[str, tuple[str, ...]] = ("", ())
    certain: bool = True
    gives: str = ""
    listed: str = ""
    alone: str = ""
    short: tuple[str, str] = ("", "")
    many: bool = False
    own: bool = False
    keeps: str = ""
    constants: Mapping[str, Mapping[str, Mapping[str, object]]] = field(default_factory=dict)
    through: str = ""
    unfollowed: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the objects of one kind do: their methods, and their properties, which are objects again, or paths.

    ``clients`` are paths of the client that it was handed, without which it makes none where it is ``handed``
    one; ``keys`` paths of settings that make it somebody else who asks. ``*`` is any other name. ``settings``
    are properties that lead to calls once something is assigned to them, which is their argument.
    """

    methods: Mapping[str, Rule] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    clients: tuple[str, ...] = ()
    handed: bool = False
    keys: tuple[str, ...] = ()
    settings: Mapping[str, Rule] = field(default_factory=dict)
