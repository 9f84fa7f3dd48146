#!/bin/sh
# As root: copy all that a hub's machine keeps into a new folder, while hub and broker run.
# Usage: back-up.sh FOLDER
set -eu
umask 077
to=$1
copy=/var/lib/smartlife-hub/copy-of-$$
mkdir "$to" "$to/broker"
hub backup "$copy"
mv "$copy" "$to/data"
cp -a /etc/smartlife-hub "$to/settings"
cp -a /etc/mosquitto/conf.d /etc/mosquitto/certs "$to/broker/"
cp -a /var/lib/mosquitto/dynamic-security.json "$to/broker/"
echo "$to is complete"
