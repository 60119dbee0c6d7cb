"""Leads the return of a parcel through its states, as far as it goes today."""
from functools import singledispatch
from operator import methodcaller

from states import Announced, Closed, Received, Refused, start


@singledispatch
def told(state):
    return "nothing to tell"


@told.register
def _(state: Closed):
    return state.texts.send_message()


@told.register(Refused)
def _refused(state):
    return f"refused because of {state.reason}"


def handler(event, context):
    state = start(event)
    seen = []
    while state is not None:
        seen.append(type(state).__name__)
        last, state = state, methodcaller("next")(state)
    match last:
        case Received(parcel={"fragile": True}):
            last.inspect()
        case Announced() | Received():
            last.remind()
        case _:
            told(last)
    return {"states": seen}
