"""How the hub itself is: the state of its parts, and whether its clock is right."""
