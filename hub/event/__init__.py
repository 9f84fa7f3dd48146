"""What an event says of itself: its zone file (halls, booths, hours) and the kinds it declares."""
