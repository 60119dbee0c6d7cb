"""Moves the catalog from one table into another, as far as the time allows."""
import migration

STEPS = (migration.copy_items, migration.note_progress)


def handler(event, context):
    state = migration.State(event.get("after"), context.get_remaining_time_in_millis)
    for step in STEPS:
        state = step(state) or state
    if state.after is None:
        migration.finish()
    return {"after": state.after, "copied": state.copied}
