"""What Python source does: an abstract interpreter over its syntax, which follows objects and never names."""

from stockade.code.python.analysis import analyse

__all__ = ["analyse"]
