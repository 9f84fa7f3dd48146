"""The broker's side of the hub: the session that readings come by, and the embedded broker."""
