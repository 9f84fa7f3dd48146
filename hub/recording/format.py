"""The recording's format as the other modules and tests use it; `layout` describes it."""

from hub.errors import RecordingError
from hub.recording.info import Info, info
from hub.recording.layout import Gap, Recorded
from hub.recording.reader import read
from hub.recording.writer import Writer

__all__ = ["Gap", "Info", "Recorded", "RecordingError", "Writer", "info", "read"]
