"""Bad input at scale: what must hold for any bytes at all, and searches for what breaks it."""
