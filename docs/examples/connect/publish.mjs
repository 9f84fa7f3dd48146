// Thermostat with MQTT.js 5: birth message, Last Will, and a reading every 5 s.
import mqtt from "mqtt"; // npm install mqtt

const topic = "smartlife/v1/b12/thermostat/t1";

const client = mqtt.connect({
  protocol: "mqtt",
  host: "192.168.0.10",
  port: 1883,
  clientId: "b12-thermostat-t1", // each client needs an id of its own
  keepalive: 15,
  will: { topic: `${topic}/status`, payload: "offline", qos: 1, retain: true },
});

// After every connection, because the broker may have published the Last Will in between.
client.on("connect", () => {
  client.publish(`${topic}/status`, "online", { qos: 1, retain: true });
  client.subscribe(`${topic}/errors`);
});
client.on("message", (_, payload) => console.log("rejected:", JSON.parse(payload).message));
client.on("error", (error) => console.error(error.message));

function measure() {
  return { // here: read your sensors
    temperature: 21.5,
    target: 22.0,
    humidity: 41.0,
    mode: "heat",
    demand: 35.0,
    window_open: false,
    battery: 87.0,
    ts: Date.now(),
  };
}

function publish() {
  client.publish(topic, JSON.stringify(measure()), { qos: 1 }, (error) => {
    if (error) console.error("not sent:", error.message);
  });
}
publish();
setInterval(publish, 5000);
