// How a device reaches the broker: addresses, and commands that can be copied as they are. Whole
// programs come from the hub (/api/kinds/{kind}/snippets).

/** @typedef {{username: string, password: string}} Login */

const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1", "[::1]", "0.0.0.0", "::"]);

/**
 * The broker's host as a visitor reaches it: a hub that says "this machine" means the page's host.
 * @param {{host: string}} mqtt
 */
export function brokerHost(mqtt) {
  const here = location.hostname;
  return LOOPBACK.has(mqtt.host) && here && !LOOPBACK.has(here) ? here : mqtt.host;
}

/**
 * "mqtt://host:1883".
 * @param {Pick<Mqtt, "host" | "port" | "tls">} mqtt
 */
export const brokerAddress = (mqtt) => `${mqtt.tls ? "mqtts" : "mqtt"}://${brokerHost(mqtt)}:${mqtt.port}`;

/** @param {string} text */
const posixQuoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
// On Windows a backslash is doubled only where a quotation mark follows it.
/** @param {string} text */
const windowsQuoted = (text) => `"${text.replace(/(\\*)"/g, '$1$1\\"')}"`;

/**
 * @param {Mqtt} mqtt
 * @param {string} topic
 * @param {object} example
 * @param {Login | null} account
 * @param {(text: string) => string} quoted
 * @param {string | null} [ca]
 */
function command(mqtt, topic, example, account, quoted, ca = null) {
  const words = ["mosquitto_pub", "-h", brokerHost(mqtt), "-p", mqtt.port];
  if (mqtt.tls) words.push(...(ca ? ["--cafile", quoted(ca)] : ["--tls-use-os-certs"]));
  if (account) words.push("-i", account.username, "-u", account.username, "-P", account.password);
  return [...words, "-q", 1, "-t", quoted(topic), "-m", quoted(JSON.stringify(example))].join(" ");
}

/**
 * A mosquitto_pub line for a POSIX shell, of a broker without accounts.
 * @param {Mqtt} mqtt
 * @param {string} topic
 * @param {object} example
 */
export const publishCommand = (mqtt, topic, example) => command(mqtt, topic, example, null, posixQuoted);

/**
 * The same for the command prompt of Windows; `username` is the device's account, if it has one, and
 * `ca` the file with the event's own authority.
 * @param {Mqtt} mqtt
 * @param {string} topic
 * @param {object} example
 * @param {string | null} [username]
 * @param {string | null} [ca]
 */
export const publishCommandWindows = (mqtt, topic, example, username = null, ca = null) =>
  command(mqtt, topic, example, username ? { username, password: "%MQTT_PASSWORD%" } : null, windowsQuoted, ca);
