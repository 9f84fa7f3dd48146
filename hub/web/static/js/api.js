// The hub's HTTP API: every request of the pages is here. Shapes as at /docs.

import { saidMessage } from "./labels.js";

const TIMEOUT = 6000; // ms; a hub that has not answered by then is shown as not answering
const BODY = 12000; // ms more for the body, which a slow phone takes its time for
const RETRY = [1000, 2000, 4000, 8000]; // ms between attempts at a stream that was refused
const SILENCE = 25000; // ms without an event, 2.5 of the hub's beats, after which a stream is dead
const AT_BROKER = 40000; // ms for what the hub has to do at the broker first
const NO_CONTENT = 204;
const EVENTS = "reading state rejection forgotten missed zone mutes wishes booth hub beat".split(" ");

/** The hub did not give what was asked; `status` is 0 when it did not answer at all. */
export class ApiError extends Error {
  constructor(path, status, message) {
    super(`${path}: ${message}`);
    this.status = status;
    this.reason = message;
  }
}

let ahead = 0; // ms by which the hub's clock is ahead of this browser's

/** Now by the hub's clock, epoch ms, to within its `Date` header's second. */
export const hubNow = () => Date.now() + ahead;

function learnClock(response) {
  const said = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(said)) return;
  const difference = said + 500 - Date.now();
  ahead = Math.abs(difference) < 2000 ? 0 : difference;
}

const get = (path, query = {}, accepted = []) => ask(path, query, {}, accepted);

async function ask(path, query, options, accepted = [], patience = TIMEOUT) {
  const words = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const address = words.length ? `${path}?${new URLSearchParams(words)}` : path;
  const deadline = new AbortController();
  let timer = setTimeout(() => deadline.abort(), patience);
  let response;
  let body = null;
  try {
    response = await fetch(address, { cache: "no-store", signal: deadline.signal, ...options });
    learnClock(response);
    clearTimeout(timer);
    timer = setTimeout(() => deadline.abort(), BODY);
    body = response.status === NO_CONTENT ? {} : await response.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw new ApiError(path, 0, error.message);
  } finally {
    clearTimeout(timer);
  }
  if ((!response.ok && !accepted.includes(response.status)) || body === null) {
    throw new ApiError(path, response.status, saidMessage(body) || response.statusText);
  }
  return body;
}

export const zone = (query = {}) => get("/api/zone", query);
export const kinds = () => get("/api/kinds");
export const dialects = () => get("/api/dialects");
export const devices = (query = {}) => get("/api/devices", query);
export const rejections = (query = {}) => get("/api/rejections", query);
export const causes = () => get("/api/rejections/causes");
export const booth = (id) => get(`/api/booths/${encodeURIComponent(id)}`);
export const snippets = (kind, query) => get(`/api/kinds/${encodeURIComponent(kind)}/snippets`, query);
export const accounts = () => get("/api/accounts");
export const openapi = () => get("/openapi.json");

/** What the hub would say to `payload` as a reading of a kind: {accepted, fields…} or {rejection}. */
export const check = (kind, payload, query) =>
  ask(`/api/kinds/${encodeURIComponent(kind)}/check`, query, { method: "POST", body: payload });

export const mutes = () => get("/api/mutes");
/** Mute an alarm: {cause or device, minutes, by}. */
export const mute = (asked) => ask("/api/mutes", {}, { method: "POST", body: JSON.stringify(asked) });
/** End a mute before its time. */
export const unmute = (id) => ask(`/api/mutes/${encodeURIComponent(id)}`, {}, { method: "DELETE" });

const asking = ({ booth, kind }) => `/api/booths/${encodeURIComponent(booth)}/kinds/${encodeURIComponent(kind)}`;

/** The kinds that booths ask for; the draft of one; to ask for one, and to refuse it. */
export const wishes = () => get("/api/wishes");
export const draft = (wish) => get(`${asking(wish)}/draft`);
export const wish = (asked) => ask(`${asking(asked)}/wish`, {}, { method: "POST" });
export const refuse = (asked) => ask(`${asking(asked)}/wish`, {}, { method: "DELETE" });

/** Take a kind, declared as JSON Schema; and what was rejected before it was there. */
export const declare = (declaration) =>
  ask("/api/kinds", {}, { method: "POST", body: JSON.stringify(declaration) });
export const acceptRejected = (kind) =>
  ask(`/api/kinds/${encodeURIComponent(kind)}/accept-rejected`, {}, { method: "POST" });

/** The store whose plug visitors pull, of a hub that shows that: {pulled, seconds}. */
export const plug = () => get("/api/show/plug");
export const pullPlug = () => ask("/api/show/plug", {}, { method: "POST" });
export const putPlugBack = () => ask("/api/show/plug", {}, { method: "DELETE" });

/** The booths of the zone file and those with accounts: {id, name, planned, accounts, disabled}. */
export const booths = () => get("/api/booths");

/** Have a booth's accounts made or changed: {admin_password, by, …}; the answer alone has passwords. */
export const orderAccounts = (id, action, order) =>
  ask(
    `/api/booths/${encodeURIComponent(id)}/accounts/${action}`,
    {},
    { method: "POST", body: JSON.stringify(order) },
    [],
    AT_BROKER,
  );

/** Send one reading as a visitor's telephone; the hub's receipt. */
export const tap = () => ask("/api/show/tap", {}, { method: "POST" });

/** The replays that play onto the wall, and where each is. */
export const replays = () => get("/api/replays");

/** Want something of a replay: {paused, steps, speed, position}. */
export const leadReplay = (player, wish) =>
  ask(`/api/replays/${player}`, {}, { method: "PATCH", body: JSON.stringify(wish) });

/** 503 is an answer too: the hub says which part fails. A body without parts is no answer. */
export async function health() {
  const body = await get("/api/health", {}, [503]);
  if (!body.parts) throw new ApiError("/api/health", 503, body.message ?? "no parts");
  return body;
}

/** Stored readings of one device in the last `seconds`, oldest first; of one `field`, its means. */
export const history = ({ booth, kind, device }, seconds, field = null) =>
  get("/api/readings", {
    booth,
    kind,
    device,
    start: `-${seconds}s`,
    limit: 2000,
    ...(field ? { field, every: "5s", agg: "mean" } : {}),
  });

/** RFC 3339 with ns, or epoch ms, as epoch ms; null when it is neither. */
export function time(text) {
  if (typeof text === "number") return text;
  const parsed = Date.parse(String(text ?? "").replace(/(\.\d{3})\d+/, "$1"));
  return Number.isNaN(parsed) ? null : parsed;
}

/**
 * The live stream, while the page can be seen: a browser has six connections for all its tabs.
 * `heard` has a function for each event (`reading`, `state`, `rejection`, `forgotten`, `missed`,
 * `zone`, `mutes`, `wishes`, `booth`, `hub`), `heard()`, called with each of them, `link(state, since)`, called with
 * "connecting", "open" or "retry" and the epoch ms from which on nothing was heard, and `refused()`,
 * called when the hub answered with an error.
 * Reconnects for ever, also when a stream died silently; `reopen` does not wait for that.
 */
export function live(query, heard) {
  const words = String(new URLSearchParams(Object.entries(query).filter(([, value]) => value)));
  let source = null;
  let refusals = 0;
  let timer = 0;
  let at = 0; // epoch ms of the newest event, or of the attempt

  function open() {
    at = Date.now();
    source = new EventSource(words ? `/api/live?${words}` : "/api/live");
    source.onopen = () => {
      at = Date.now();
      refusals = 0;
      heard.link("open", at);
    };
    source.onerror = () => {
      heard.link("retry", Date.now());
      // After an HTTP error the browser gives up; after a cut it tries again by itself.
      if (source.readyState !== EventSource.CLOSED) return;
      source.close();
      heard.refused();
      timer = setTimeout(open, RETRY[Math.min(refusals, RETRY.length - 1)]);
      refusals += 1;
    };
    for (const name of EVENTS) {
      source.addEventListener(name, (event) => {
        at = Date.now();
        heard.heard?.();
        heard[name]?.(JSON.parse(event.data));
      });
    }
  }

  function close(state, since) {
    clearTimeout(timer);
    source?.close();
    source = null;
    heard.link(state, since);
  }

  function reopen(state = "connecting", since = Date.now()) {
    if (document.hidden) return;
    close(state, since);
    open();
  }

  setInterval(() => source && Date.now() - at > SILENCE && reopen("retry", at), 1000);
  document.addEventListener("visibilitychange", () =>
    document.hidden ? close("connecting", Date.now()) : reopen(),
  );
  if (document.hidden) heard.link("connecting", Date.now());
  else reopen();
  return { reopen };
}
