"""The page of the settings, from their table. Pure."""

from hub.settings.table import CONFIG, PREFIX, SETTINGS, Setting
from tools.text import code, page, table

_SETTINGS = f"""\
For the organiser: every setting of the hub, where it is read from, and its default.

The hub looks for each setting in four places, and the first that has it counts:

1. a flag of the command, like `--http 127.0.0.1:9000`;
2. an environment variable, like `HUB_HTTP=127.0.0.1:9000`; an empty one counts as not set;
3. the file `hub.toml` in the folder where the hub is started, like `http = "127.0.0.1:9000"`;
   `{CONFIG}` names another file;
4. the default.

A setting that is unknown or impossible stops the start with exit code 2, and one line that names
the setting, the value and the way out."""


def files() -> dict[str, str]:
    """Return the page of the settings."""
    rows = [
        (code(PREFIX + name.upper()), _flag(name, item), code(name), _default(item))
        for name, item in SETTINGS.items()
    ]
    parts = [
        _SETTINGS,
        table(("environment", "flag", "in `hub.toml`", "default"), rows),
        *(_setting(name, item) for name, item in SETTINGS.items()),
        f"## `{CONFIG}`\n\nPath of the settings file, if it is not `hub.toml`. It must exist.",
    ]
    return {"docs/reference/settings.md": page("settings", "Settings", *parts)}


def _setting(name: str, item: Setting) -> str:
    secret = (
        "\n\nIt is a secret, so it has no flag: everyone on the machine can read the flags of a "
        "process."
        if item.secret
        else ""
    )
    return f"## `{PREFIX}{name.upper()}`\n\n{item.help} Default: {_default(item)}.{secret}"


def _flag(name: str, item: Setting) -> str:
    return "none, it is a secret" if item.secret else code(f"--{name.replace('_', '-')}")


def _default(item: Setting) -> str:
    return code(item.default or "") or ("empty" if item.default == "" else "none")
