"""Boards for Grafana, derived from the kinds that `schemas/` declares and from the zone.

`compose.boards` says what there is to see, `grafana.render` writes it as Grafana reads it,
`lint.lint` finds what would not work, and `client.Grafana` brings it to a running Grafana.
"""
