#!/bin/sh
# One reading with mosquitto_pub (Debian, Ubuntu: apt install mosquitto-clients).
set -eu
host=${MQTT_HOST:-127.0.0.1}
port=${MQTT_PORT:-1883}
topic=${TOPIC:-smartlife/v1/b12/thermostat/t1}

# With an account, add: -u USER -P PASSWORD
mosquitto_pub -h "$host" -p "$port" -q 1 -t "$topic" -m '{"temperature": 21.5}'
