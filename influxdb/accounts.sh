#!/bin/sh
# Run once by the InfluxDB image, after it has made the bucket: an account for Grafana that may only
# read. Everyone who sees a board can send queries through Grafana. INFLUXDB_TOKEN of Grafana is
# then grafana:PASSWORD.
set -eu
influx v1 auth create --org "$DOCKER_INFLUXDB_INIT_ORG" \
    --read-bucket "$DOCKER_INFLUXDB_INIT_BUCKET_ID" \
    --username grafana --password "$INFLUXDB_GRAFANA_PASSWORD" >/dev/null
