from ._blobs import *  # noqa: F403
from ._blobs import read as load

__all__ = ["erase", "load", "save"]
