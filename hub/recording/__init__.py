"""Recordings of MQTT messages in MCAP: recorder, reader, player, cut, export, repair."""
