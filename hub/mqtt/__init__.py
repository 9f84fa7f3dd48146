"""MQTT: the session that receives readings, the clients, and the embedded broker."""
