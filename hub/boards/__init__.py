"""Boards for Grafana, derived from the kinds that `schemas/` declares and from the zone.

`compose.boards` builds the models, `render.render` renders Grafana's JSON, `lint.lint` finds
faults, and `grafana_api.Grafana` pushes the boards to a running Grafana.
"""
