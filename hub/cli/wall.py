"""`hub wall`: the wall of several hubs, which share a broker and a store."""

from typing import TYPE_CHECKING

from hub.cli.options import with_settings

if TYPE_CHECKING:
    from hub.settings import Settings


@with_settings()
def wall(settings: "Settings") -> None:
    """Show the devices of all hubs of a cluster, until Ctrl-C or SIGTERM.

    It keeps nothing and acknowledges nothing; several may run, each for some booths or domains.
    """
    from hub.app import wall
    from hub.cli.running import log_to_stderr, run_until_stopped

    log_to_stderr(settings)
    run_until_stopped(wall.run(settings))
