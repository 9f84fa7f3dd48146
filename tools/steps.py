"""The table of how much the hub does in one step, for the page of limits. Pure."""

from hub.mqtt import publisher, session
from hub.pipeline import decode, drain, forms, reconsideration, validators
from hub.pipeline.outbox import file, salvage
from hub.stores import sqlite_table
from hub.stores.influx import client
from hub.stores.influx import store as influx
from tools.text import size, table

_HEAD = ("what", "at once", "the rest")
STEPS = table(
    _HEAD,
    [
        ("bytes read from the broker", size(session.BUFFER), "read next"),
        ("answers written to the broker", size(session.OUTGOING), "written next"),
        (
            "bytes that wait to be written to the broker",
            size(session.WRITE_LIMIT),
            "answers beyond it are not sent",
        ),
        ("messages of `hub replay` in one write", f"{publisher.BATCH}", "written next"),
        ("readings in one write to the store", f"about {drain.LINES:,}", "written next"),
        ("readings above a quota in one such", f"{file.DELAYED:,}", "written next"),
        (
            "lines in one request to InfluxDB",
            f"{influx.LINES:,}, {client.IN_FLIGHT} requests at once",
            "sent next",
        ),
        ("rows moved from an older table", f"{sqlite_table.MIGRATED:,}", "moved next"),
        (
            "rejections taken in again, once their kind is declared",
            f"{reconsideration.PIECE}",
            "taken next",
        ),
        (
            "sets of fields remembered of a device, and of a kind",
            f"{decode.SHAPES}, {validators.HEADERS:,}",
            "all are made again",
        ),
        (
            "sets of fields of a kind that are read the quickest way",
            f"{forms.FORMS}",
            "the oldest are made again",
        ),
        ("places tried in a table of a damaged outbox", f"{salvage.TRIES:,}", "counted as damaged"),
    ],
)
