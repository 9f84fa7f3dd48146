"""How the hub is: its health, its accounts, its metrics."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from hub import __version__
from hub.web.metrics import Metrics
from hub.web.parts import Parts
from hub.web.turns import Turns


def add_status(router: APIRouter, parts: Parts, turns: Turns) -> None:
    """Add the routes."""
    metrics = Metrics(parts.status)

    @router.head("/api/health", include_in_schema=False)
    @router.get(
        "/api/health", tags=["state"], responses={503: {"description": "The hub is not well"}}
    )
    async def health() -> JSONResponse:
        """Whether the hub can take and keep readings: 200, else 503, with each part's state."""
        state = parts.status.health()
        return JSONResponse(state.as_json(__version__), 200 if state.well else 503)

    @router.get("/api/accounts", tags=["state"])
    async def accounts() -> dict[str, int]:
        """What became of every message."""
        return parts.kept.accounts.as_json()

    @router.get("/metrics", tags=["state"], response_class=Response)
    async def prometheus() -> Response:
        """Metrics in Prometheus text."""
        text = await turns.run(metrics.text)
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
