"""What bounds how many instances of a function run at once, where Lambda polls all that it is given."""

from __future__ import annotations

from stockade.iam.match import Shape, arn_parts
from stockade.model.function import Function
from stockade.model.reach import invokes
from stockade.model.trigger import EventSourceMapping
from stockade.model.world import World
from stockade.records import dataclass
from stockade.value import Known, Origin, Unknown, shape_of


@dataclass(frozen=True, slots=True)
class Bound:
    """What bounds a function: ``clause`` is a sentence, ``origin`` where that is declared."""

    clause: str
    origin: Origin


def bound_of(function: Function, world: World) -> Bound | None:
    """What bounds a function that nothing of this input invokes but event source mappings with a bound.

    A queue is bounded by the maximum concurrency of its mapping, a stream by its shards.
    """
    triggers = world.triggers_of(function)
    if not triggers or world.urls_of(function) or any(map(invokes, world.permissions_of(function))):
        return None
    found = [_bound(one) if isinstance(one, EventSourceMapping) else None for one in triggers]
    return found[0] if all(found) else None


def _bound(mapping: EventSourceMapping) -> Bound | None:
    match mapping.maximum_concurrency:
        case Known(int() as most, origin):
            return Bound(f"its event source mapping runs at most {most:,} at once", origin)
    source = mapping.source_arn
    shape: Shape = shape_of(source) if isinstance(source, Unknown) else (source.value or "",)
    segments = arn_parts(shape)
    if segments and segments[2] in (("kinesis",), ("dynamodb",)):
        return Bound("it reads a stream, shard by shard", mapping.origin)
    return None
