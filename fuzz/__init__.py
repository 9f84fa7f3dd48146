"""Bad input at scale: what must hold for any bytes at all, and two searches for what breaks it."""
