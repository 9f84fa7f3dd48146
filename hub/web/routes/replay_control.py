"""Control of the replays that play onto the wall: pause, step, speed and position."""

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, HTTPException, Path, Request
from pydantic import BaseModel, ValidationError

from hub.live.replay_players import ReplayState, ReplayWish
from hub.web.body import read_body
from hub.web.parts import Parts
from hub.web.statuses import errors

LARGEST = 4_096
_Player = Annotated[
    str, Path(pattern="^[0-9a-f]{12}$", description="The id that a replay has chosen for itself.")
]
_Body = TypeVar("_Body", bound=BaseModel)


def add_replay_control(router: APIRouter, parts: Parts) -> None:
    """Add the routes."""

    @router.get("/api/replays", tags=["readings"])
    async def replays() -> list[dict[str, Any]]:
        """The replays that play onto the wall, and where each is."""
        playing = parts.replay_players.playing()
        return [{"player": player, **state.model_dump()} for player, state in playing.items()]

    @router.put(
        "/api/replays/{player}", tags=["readings"], openapi_extra=_described(ReplayState),
        responses=errors(408, 413, 422),
    )  # fmt: skip
    async def report(player: _Player, request: Request) -> ReplayWish:
        """Report the position of a replay; the answer has the requests since the last time."""
        return parts.replay_players.report(player, await _body(request, ReplayState))

    @router.patch(
        "/api/replays/{player}", tags=["readings"], openapi_extra=_described(ReplayWish),
        responses=errors(404, 408, 413, 422),
    )  # fmt: skip
    async def control(player: _Player, request: Request) -> ReplayWish:
        """Pause a replay, play messages of it one by one, change its speed, or go elsewhere."""
        wish = await _body(request, ReplayWish)
        state = parts.replay_players.playing().get(player)
        if state is not None and state.speed is None and wish.speed is not None:
            raise HTTPException(
                422, "speed: it plays as fast as the hub takes it; begin it with hub replay --speed"
            )
        if not parts.replay_players.ask(player, wish):
            raise HTTPException(
                404, f"no replay {player} plays; GET /api/replays names those that do"
            )
        return wish


def _described(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


async def _body(request: Request, model: type[_Body]) -> _Body:
    text = await read_body(request, LARGEST, "send the fields alone")
    try:
        return model.model_validate_json(text)
    except ValidationError as exc:
        fault = exc.errors(include_url=False)[0]
        place = ".".join(map(str, fault["loc"])) or "the body"
        raise HTTPException(422, f"{place}: {fault['msg']}") from exc
