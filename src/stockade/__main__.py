"""``python -m stockade`` is ``stockade``."""

from __future__ import annotations

from stockade.cli import process

if __name__ == "__main__":
    process()
