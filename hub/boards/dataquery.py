"""The InfluxQL query of Grafana's InfluxDB data source, which the SDK lacks."""

import string
from typing import Any, Self

from grafana_foundation_sdk.cog import variants
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.runtime import DataqueryConfig, register_dataquery_variant
from grafana_foundation_sdk.models.common import DataSourceRef

SOURCE_TYPE = "influxdb"
SOURCE_UID = "smartlife-influxdb"
SOURCE = DataSourceRef(type_val=SOURCE_TYPE, uid=SOURCE_UID)


class InfluxQL(variants.Dataquery):
    """One raw query; `more` is what an annotation adds."""

    def __init__(self, ref_id: str, query: str, alias: str, table: bool, **more: Any) -> None:
        self.ref_id = ref_id
        self.query = query
        self.alias = alias
        self.table = table
        self.more = more

    def to_json(self) -> dict[str, object]:
        """Return the query as JSON of a board."""
        named = {"alias": self.alias} if self.alias else {}
        return {
            "datasource": SOURCE,
            "query": self.query,
            "rawQuery": True,
            "refId": self.ref_id,
            "resultFormat": "table" if self.table else "time_series",
            **named,
            **self.more,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Parse a query of a board."""
        known = {"datasource", "query", "rawQuery", "refId", "resultFormat", "alias"}
        more = {name: value for name, value in data.items() if name not in known}
        table = data.get("resultFormat") == "table"
        return cls(data["refId"], data["query"], data.get("alias", ""), table, **more)


class QueryBuilder(Builder[variants.Dataquery]):
    """The builder that the SDK's panels require."""

    def __init__(self, query: InfluxQL) -> None:
        self._query = query

    def build(self) -> InfluxQL:
        """Return the query."""
        return self._query


def ref_id(at: int) -> str:
    """Return the name of a panel's query: A to Z, then AA, AB and so on."""
    letters = string.ascii_uppercase
    return letters[at] if at < len(letters) else letters[at // 26 - 1] + letters[at % 26]


register_dataquery_variant(DataqueryConfig(SOURCE_TYPE, InfluxQL.from_json))
