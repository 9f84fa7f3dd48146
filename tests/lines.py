"""A reading as the line of line protocol that it is stored as."""

from hub.messages import Reading
from hub.stores import rows


def line_of(reading: Reading) -> bytes:
    (line,) = rows.lines(rows.join([(reading.header, reading.row)]))
    return line
