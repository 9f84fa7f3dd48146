#!/bin/sh
# As root, with hub and broker stopped: put a copy of back-up.sh on a machine without readings.
# Usage: restore.sh FOLDER
set -eu
umask 077
from=$1
copy=/var/lib/smartlife-hub/copy-of-$$
cp -a "$from/settings/." /etc/smartlife-hub/
cp -a "$from/broker/conf.d/." /etc/mosquitto/conf.d/
mkdir -p /etc/mosquitto/certs
cp -a "$from/broker/certs/." /etc/mosquitto/certs/
cp -a "$from/broker/dynamic-security.json" /var/lib/mosquitto/
# The numbers of users and groups differ from machine to machine.
chown mosquitto: /var/lib/mosquitto/dynamic-security.json
chgrp mosquitto /etc/mosquitto/certs/server.key
mkdir -p /var/lib/smartlife-hub
cp -R "$from/data" "$copy"
chown -R smartlife: /var/lib/smartlife-hub
hub restore "$copy"
rm -r "$copy"
