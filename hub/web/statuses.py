"""The error responses of the HTTP API, as OpenAPI describes them: one shape, by status."""

from typing import Any

from pydantic import BaseModel, Field


class Error(BaseModel):
    """What every answer from 400 on says."""

    error: str = Field(description="What went wrong, in a word for programs.")
    message: str = Field(description="What went wrong and what to do, for people.")
    message_ko: str = Field("", description="The same in Korean, of errors that a page shows.")


_WHEN = {
    400: "A time, a field, an aggregate or a line that makes no sense",
    401: "The ops token or the booth's link is missing or wrong",
    403: "The link is another booth's, a page of another site sent this, or the broker refused the "
    "admin's password",
    404: "There is no such kind, or not what is asked for",
    408: "The body did not come in time",
    413: "The body is larger than it may be",
    415: "The body is of another type",
    421: "The name in the address is not the hub's",
    422: "A parameter is not what it should be, or is given twice",
    429: "Too many in a second by one link or from one address; `Retry-After` says when to go on",
    500: "Internal error; see the hub's log",
    503: "Store, outbox or booths' accounts cannot be read now, or too many streams are open",
    504: "The store took too long over the question; ask for less",
}
ANYWHERE = (401, 403, 421, 500)
"""Statuses with which each path may answer."""

_FIRST = ANYWHERE[0]
_DECLARED: dict[str, Any] = {"model": Error}
_REFERRED: dict[str, Any] = {
    "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{Error.__name__}"}}}
}
# FastAPI builds a validator for each model that it is given: one for every status of every path
# would be a fifth of the processor's time in which the hub starts.


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's `responses` of a path for these statuses."""
    return {
        status: {"description": _WHEN[status], **(_DECLARED if status == _FIRST else _REFERRED)}
        for status in statuses
    }
