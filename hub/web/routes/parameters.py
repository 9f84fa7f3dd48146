"""What many paths take: booth, kind and domain, in the path or as a query."""

from typing import Annotated

from fastapi import HTTPException, Query, Request
from fastapi import Path as InPath

from hub import topics
from hub.web.parts import Parts
from schemas import Domain as Domains
from schemas import KindSpec

JSON = "application/json"
REPEATED = frozenset({"field"})
"""Parameters that may be given several times."""
DOMAINS = tuple(domain.id for domain in Domains)

Booth = Annotated[str | None, Query(description="Only this booth.", max_length=32)]
Kind = Annotated[str | None, Query(description="Only this kind.", max_length=64)]
Domain = Annotated[str | None, Query(description="Only this domain.", max_length=32)]
KindName = Annotated[str, InPath(max_length=64)]
BoothId = Annotated[str, InPath(pattern=f"^{topics.BOOTH.pattern}$")]


async def named_once(request: Request) -> None:
    """Raise 422 for a parameter that is given twice: which of the two is meant, nobody knows."""
    for param in request.scope["route"].dependant.query_params:
        given = request.query_params.getlist(param.alias)
        if len(given) > 1 and param.alias not in REPEATED:
            raise HTTPException(422, f"{param.alias}: is given {len(given)} times; give it once")


def known_kind(parts: Parts, kind: str) -> KindSpec:
    """Return a kind; 404 if it does not exist."""
    if kind not in parts.kinds:
        raise HTTPException(404, f"there is no kind {kind!r}; /api/kinds lists them")
    return parts.kinds[kind]


def known_domain(domain: str | None) -> None:
    """Raise 404 for a domain that does not exist."""
    if domain is not None and domain not in DOMAINS:
        raise HTTPException(404, f"there is no domain {domain!r}; there are {', '.join(DOMAINS)}")
