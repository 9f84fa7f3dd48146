"""`hub run`: the service against a broker and a store given by settings."""

from typing import TYPE_CHECKING

from hub.cli.options import with_settings

if TYPE_CHECKING:
    from hub.settings import Settings


@with_settings()
def run(settings: "Settings") -> None:
    """Run the hub against a broker and a store, until Ctrl-C or SIGTERM.

    Every setting is a flag, else an environment variable, else a line in hub.toml.
    """
    from hub import app
    from hub.cli.running import log_to_stderr, run_until_stopped

    log_to_stderr(settings)
    run_until_stopped(app.run(settings))
