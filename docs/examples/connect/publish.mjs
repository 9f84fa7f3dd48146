// A device with MQTT.js 5: birth message, Last Will, and a reading every 5 s.
import mqtt from "mqtt"; // npm install mqtt

const env = process.env;
const host = env.MQTT_HOST ?? "127.0.0.1";
const port = Number(env.MQTT_PORT ?? 1883);
const topic = env.TOPIC ?? "smartlife/v1/b12/thermostat/t1";

const client = mqtt.connect({
  host,
  port,
  // With an account: username: "USER", password: "PASSWORD",
  clientId: topic.split("/").slice(-3).join("-"), // each client needs an id of its own
  keepalive: 15,
  will: { topic: `${topic}/status`, payload: "offline", qos: 1, retain: true },
});

// After every connection, for the broker may have published the Last Will in between.
client.on("connect", () => {
  client.publish(`${topic}/status`, "online", { qos: 1, retain: true });
  client.subscribe(`${topic}/errors`);
});
client.on("message", (_, payload) => console.log("rejected:", JSON.parse(payload).message));
client.on("error", (error) => console.error(error.message));

function publish() {
  const reading = { temperature: Math.round(200 + Math.random() * 30) / 10, ts: Date.now() };
  client.publish(topic, JSON.stringify(reading), { qos: 1 });
}
publish();
setInterval(publish, 5000);
