"""What the site needs of the pages: links to files of the repository outside of ``docs`` become their names.

The site does not know where its repository is shown, and a link that leads nowhere helps nobody. All other
links are left to ``mkdocs build --strict``, which refuses those that are wrong.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_LINK = re.compile(r"\[([^\]\n]+)\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """The page, as MkDocs calls it for every one."""
    docs = Path(config["docs_dir"]).resolve()
    here = (docs / page.file.src_uri).parent

    def leading(found: re.Match[str]) -> str:
        target = (here / found[2]).resolve()
        if target.is_relative_to(docs) and not target.is_dir():
            return found[0]
        name = target.relative_to(docs.parent).as_posix() if target.is_relative_to(docs.parent) else found[2]
        return f"{found[1]} (`{name}`)" if found[1].strip("`") != name else f"`{name}`"

    return _LINK.sub(leading, markdown)
