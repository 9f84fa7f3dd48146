"""The metrics: readable by Prometheus, and every documented one is there."""

from prometheus_client.parser import text_string_to_metric_families

from hub.web.metrics import ALL


async def scraped(site) -> dict[tuple[str, str], float]:
    answer = await site.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_every_metric_is_there(site):
    names = {name for name, _ in await scraped(site)}
    assert names == {item.name for item in ALL}


async def test_every_metric_has_a_help_and_a_type(site):
    text = (await site.get("/metrics")).text
    families = list(text_string_to_metric_families(text))
    assert all(family.documentation and family.type in {"counter", "gauge"} for family in families)


async def test_metrics_say_what_the_accounts_say(site):
    await site.publish("b12/thermostat/t1", '{"temperature": 21.5}')
    await site.publish("b12/thermostat/t1", "{}")
    await site.stored()
    found = await scraped(site)
    assert found["hub_messages_total", "accepted"] == 1
    assert found["hub_messages_total", "rejected"] == 1
    assert found["hub_readings_total", "stored"] == 1
    assert found["hub_readings_waiting", ""] == 0
    assert found["hub_devices", "live"] == 1
    assert found["hub_part_up", "broker"] == 0
    assert found["hub_part_up", "outbox"] == 1
