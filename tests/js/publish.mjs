// Publish one message with MQTT.js: node publish.mjs URL PROTOCOL_VERSION QOS TOPIC PAYLOAD
import mqtt from "mqtt";

const [url, version, qos, topic, payload] = process.argv.slice(2);
const client = await mqtt.connectAsync(url, { protocolVersion: Number(version), reconnectPeriod: 0 });
await client.publishAsync(topic, payload, { qos: Number(qos) });
await client.endAsync();
