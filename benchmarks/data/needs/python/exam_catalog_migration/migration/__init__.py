"""The steps of the migration."""
from .progress import note as note_progress
from .progress import finished as finish
from .state import State
from .tables import copy as copy_items

__all__ = ["State", "copy_items", "finish", "note_progress"]
