"""InfluxDB 1.8 and later, 2 and 3 as the store: line protocol in, InfluxQL out."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from hub.errors import QueryError
from hub.stores.declared import Declared, without_damage
from hub.stores.influx import influxql
from hub.stores.influx.address import InfluxAddress
from hub.stores.influx.answers import (
    Answer,
    Verdict,
    judge,
    missing_bucket,
    named,
    split,
    unavailable,
    writable,
)
from hub.stores.influx.client import TIMEOUT, InfluxClient
from hub.stores.influx.token import Token
from hub.stores.store import (
    Measurement,
    Query,
    Refusal,
    StoredRow,
    columns,
    measurement_of,
    measurements,
)
from schemas import KindSpec

LINES = 2_500
"""Lines in a request: half of what the drain hands over, so that two are in flight, and about
500 kB, a twentieth of the smallest limit there is (InfluxDB 3: 10 MiB)."""
_SEARCHES = 300
"""Answers "some are refused" to one request and its parts; what is then still mixed is refused as a
whole, for a search without any hint takes two requests a line."""
_NO_BUCKET = "database not found"
_REASONS = {
    Verdict.TOO_LARGE: "InfluxDB, or a proxy before it, takes no line of this size (413)",
    Verdict.SOME_REFUSED: "InfluxDB refuses the line and does not say why",
    Verdict.ALL_REFUSED: "InfluxDB refuses the line and does not say why",
}


class InfluxStore:
    """Readings in a bucket of InfluxDB; nothing is sent before the first use."""

    def __init__(
        self,
        address: InfluxAddress,
        kinds: Mapping[str, KindSpec],
        token: str | Token | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        self._where = str(address)
        self._measurements = measurements(kinds)
        self._declared = Declared(self._measurements)
        known = token if isinstance(token, Token) else Token(token)
        self._client = InfluxClient(address, known, timeout)

    async def declare(self, kind: KindSpec) -> None:
        """Take readings of one more kind from now on."""
        self._measurements[kind.name] = measurement_of(kind)
        self._declared.add(self._measurements[kind.name])

    async def write(self, batches: Sequence[bytes]) -> list[Refusal]:
        """Write batches; return the lines that fit no kind or that InfluxDB refuses, and why."""
        try:
            found, lines, refusals = self._declared.sort(batches)
            fitting = [line for part in found for line in part.lines()]
        except ValueError:
            batches, damaged = without_damage(batches)
            return damaged + await self.write(batches)
        for line in lines:
            reason = self._declared.unfit(line)
            if reason is None:
                fitting.append(line)
            else:
                refusals.append(Refusal(line, reason))
        return refusals + await self._send(fitting)

    async def _send(self, lines: Sequence[bytes]) -> list[Refusal]:
        chunks = [lines[start : start + LINES] for start in range(0, len(lines), LINES)]
        settled = await asyncio.gather(*map(self._settle, chunks), return_exceptions=True)
        refusals: list[Refusal] = []
        for found in settled:
            if isinstance(found, BaseException):
                raise found
            refusals += found
        return refusals

    async def _settle(self, lines: Sequence[bytes]) -> list[Refusal]:
        """Send lines, and find the refused ones by bisection.

        A line that is sent again is the same point, which InfluxDB overwrites with itself.
        """
        refusals: list[Refusal] = []
        parts, searches = [lines], 0
        while parts:
            part = parts.pop()
            answer = await self._client.write(b"\n".join(part))
            verdict = judge(answer, len(part), self._where, time.time())
            if verdict is Verdict.STORED:
                continue
            reasons = named(answer, part)  # the others are sent again, and should be stored now
            reason = answer.reason or _REASONS[verdict]
            searches += verdict is Verdict.SOME_REFUSED
            if len(part) == 1 or verdict is Verdict.ALL_REFUSED:
                refusals += [Refusal(line, reason) for line in part]
            elif searches > _SEARCHES:
                reason = f"one of {len(part)} lines of which InfluxDB refuses some: {reason}"
                refusals += [Refusal(line, reason) for line in part]
            elif reasons:
                refusals += [Refusal(part[number], why) for number, why in reasons.items()]
                rest = [line for number, line in enumerate(part) if number not in reasons]
                parts += [rest] if rest else []
            else:
                one, other = split(answer, part)
                parts += [other, one]
        return refusals

    async def query(self, query: Query) -> list[StoredRow]:
        """Return the stored rows that `query` asks for, oldest first."""
        measurement = self._measurements[query.measurement]
        names = columns(measurement, query)
        asked = [tag for tag in (query.booth, query.device) if tag is not None]
        if not names or not all(map(influxql.storable, asked)):
            return []
        if query.every is None:
            return await self._raw(measurement, query, names)
        statement = influxql.bucketed(measurement, query, names, query.every)
        return (await self._ask(measurement, query, statement))[-query.limit :]

    async def _raw(
        self, measurement: Measurement, query: Query, names: Sequence[str]
    ) -> list[StoredRow]:
        found = await self._ask(measurement, query, influxql.raw(measurement, query, names))
        if len(found) < query.limit:
            return found
        # InfluxDB cuts anywhere among the rows of one time; the order of tags says where it is due.
        oldest = found[0].ts
        tied = influxql.at(measurement, query, names, oldest)
        together = await self._ask(measurement, query, tied)
        return [*together, *(row for row in found if row.ts > oldest)][-query.limit :]

    async def _ask(self, measurement: Measurement, query: Query, statement: str) -> list[StoredRow]:
        answer = await self._client.ask(statement)
        # To parse 100,000 rows blocks the loop for 2.2 s, in a thread for 0.5 s.
        return await asyncio.to_thread(
            lambda: influxql.rows(measurement, query, self._series(answer))
        )

    def _series(self, answer: Answer) -> list[dict[str, Any]]:
        if answer.status == 400 and answer.reason is not None:
            raise QueryError(f"InfluxDB: {answer.reason}")
        try:
            result = json.loads(answer.body)["results"][0] if answer.status == 200 else None
        except (ValueError, LookupError, TypeError, RecursionError):
            result = None
        if not isinstance(result, dict):
            raise unavailable(answer, self._where, time.time())
        # Errors of a statement come with status 200.
        if "error" in result:
            said = str(result["error"])
            if _NO_BUCKET in said:
                raise missing_bucket(self._where)
            raise QueryError(f"InfluxDB: {writable(said)}")
        series: list[dict[str, Any]] = result.get("series", [])
        return series

    async def close(self) -> None:
        """Close the connections; safe to call twice."""
        await self._client.close()
