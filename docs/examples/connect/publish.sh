# Thermostat: one reading with mosquitto_pub (Debian, Ubuntu: apt install mosquitto-clients).
mosquitto_pub -h 192.168.0.10 -p 1883 -i b12-thermostat-t1 \
    -q 1 -t smartlife/v1/b12/thermostat/t1 \
    -m '{"temperature": 21.5, "target": 22.0, "humidity": 41.0, "mode": "heat", "demand": 35.0, "window_open": false, "battery": 87.0}'
