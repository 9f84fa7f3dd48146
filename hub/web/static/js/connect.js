// How a device reaches the broker: addresses and commands that can be copied as they are.

const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1", "[::1]", "0.0.0.0", "::"]);

/** The broker's host as a visitor reaches it: a hub that says "this machine" means the page's host. */
export function brokerHost(mqtt) {
  const here = location.hostname;
  return LOOPBACK.has(mqtt.host) && here && !LOOPBACK.has(here) ? here : mqtt.host;
}

/** "mqtt://host:1883". */
export const brokerAddress = (mqtt) => `${mqtt.tls ? "mqtts" : "mqtt"}://${brokerHost(mqtt)}:${mqtt.port}`;

const posixQuoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
// On Windows a backslash is doubled only where a quotation mark follows it.
const windowsQuoted = (text) => `"${text.replace(/(\\*)"/g, '$1$1\\"')}"`;

function command(mqtt, topic, example, account, quoted) {
  const words = ["mosquitto_pub", "-h", brokerHost(mqtt), "-p", mqtt.port];
  if (mqtt.tls) words.push("--tls-use-os-certs");
  if (account) words.push("-u", account.username, "-P", quoted(account.password));
  return [...words, "-q", 1, "-t", quoted(topic), "-m", quoted(JSON.stringify(example))].join(" ");
}

/** A mosquitto_pub line for a POSIX shell; `account` is {username, password} where one is needed. */
export const publishCommand = (mqtt, topic, example, account = null) =>
  command(mqtt, topic, example, account, posixQuoted);

/** The same for the command prompt of Windows. */
export const publishCommandWindows = (mqtt, topic, example, account = null) =>
  command(mqtt, topic, example, account, windowsQuoted);

const pythonLiteral = (value) =>
  JSON.stringify(value).replace(
    /("(?:[^"\\]|\\.)*")|\btrue\b|\bfalse\b|\bnull\b/g,
    (word, string) => string ?? { true: "True", false: "False", null: "None" }[word],
  );

/** A short program with paho-mqtt that sends the example once. */
export function publishPython(mqtt, topic, example, account = null) {
  const options = [`hostname="${brokerHost(mqtt)}"`, `port=${mqtt.port}`];
  if (account) options.push(`auth={"username": "${account.username}", "password": "${account.password}"}`);
  if (mqtt.tls) options.push("tls={}");
  return [
    "import json",
    "import paho.mqtt.publish as publish  # pip install paho-mqtt",
    "",
    `reading = ${pythonLiteral(example)}`,
    "publish.single(",
    `    "${topic}", json.dumps(reading), qos=1,`,
    `    ${options.join(", ")},`,
    ")",
  ].join("\n");
}
