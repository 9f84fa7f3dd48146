#!/bin/sh
# One reading with a receipt: mosquitto_rr waits for the answer on the Response Topic (-e).
set -eu
host=${MQTT_HOST:-127.0.0.1}
port=${MQTT_PORT:-1883}
topic=${TOPIC:-smartlife/v1/b12/thermostat/t1}

mosquitto_rr -V 5 -W 5 -h "$host" -p "$port" -q 1 -t "$topic" -e "$topic/receipts" \
    -m "{\"temperature\": 21.5, \"ts\": $(date +%s)}"
