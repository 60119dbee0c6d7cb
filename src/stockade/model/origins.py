"""Which web origins an input names: those of pages that call its endpoints, as far as anything says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stockade.model.api import Api
from stockade.model.declared import Declarations
from stockade.model.edge import CdnOrigin, Distribution
from stockade.model.relate import meant
from stockade.model.url import FunctionUrl
from stockade.value import Known, Unknown, Value

ANY_ORIGIN: Final = ("*", "http://*", "https://*", "null")
"""What lets every page in: one can always be made whose origin is ``null``."""


def proper(origins: Value[tuple[Value[str], ...]]) -> tuple[str, ...]:
    """The origins of a list that are no wildcard for all; none where one of them is not known."""
    values = origins.value if isinstance(origins, Known) else ()
    if any(isinstance(one, Unknown) for one in values):
        return ()
    known = (one.value for one in values if isinstance(one, Known))
    return tuple(dict.fromkeys(one for one in known if one.lower() not in ANY_ORIGIN))


def named_origins(
    urls: Iterable[FunctionUrl],
    apis: Iterable[Api],
    distributions: Iterable[Distribution],
    declared: Declarations,
) -> frozenset[frozenset[str]]:
    """What is said of origins, each once: what URLs and APIs allow, and where web sites are served."""
    said = [
        *(proper(one.allow_origins) for one in urls),
        *(proper(one.allow_origins) for one in apis),
        *(_addresses(one) for one in distributions if _is_site(one, declared)),
    ]
    return frozenset(frozenset(one) for one in said if one)


def _addresses(distribution: Distribution) -> tuple[str, ...]:
    """The origins of the pages that a distribution serves."""
    return tuple(f"https://{one}" for one in proper(distribution.aliases))


def _is_site(distribution: Distribution, declared: Declarations) -> bool:
    """Whether a distribution serves what is in a bucket, and not an API alone."""
    origins = distribution.origins.value if isinstance(distribution.origins, Known) else ()
    refs = (meant(one.domain_name) for one in origins if isinstance(one, CdnOrigin))
    found = (declared.at(ref.address) for ref in refs if ref)
    return any(one is not None and one.service == "s3" for one in found)
