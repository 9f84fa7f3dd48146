// The hub's HTTP API: every request of the pages is here. Shapes as at /docs.

import { withDigits } from "./format.js";
import { saidMessage } from "./labels.js";

/**
 * @typedef {Record<string, string | number | boolean | null | undefined>} Query what is undefined is left out
 * @typedef {{booth: string, kind: string}} Asking
 * @typedef {{paused?: boolean, steps?: number, speed?: number, position?: number}} ReplayWish
 * @typedef {import("./state.js").ReadingEvent} ReadingEvent
 * @typedef {import("./state.js").StateEvent} StateEvent
 * @typedef {import("./docs.js").OpenApi} OpenApi
 * @typedef {object} Heard what a page does at each event of the stream
 * @property {(stream: import("./link.js").Stream, since: number) => void} link
 * @property {() => void} refused
 * @property {() => void} [heard]
 * @property {(event: ReadingEvent) => void} [reading]
 * @property {(event: StateEvent) => void} [state]
 * @property {(event: Rejection) => void} [rejection]
 * @property {(event: Address) => void} [forgotten]
 * @property {(event: BoothDetails) => void} [booth]
 * @property {(event: {health: Health, accounts: Accounts}) => void} [hub]
 * @property {() => void} [missed]
 * @property {() => void} [zone]
 * @property {() => void} [mutes]
 * @property {() => void} [wishes]
 */

const TIMEOUT = 6000; // ms; a hub that has not answered by then is shown as not answering
const BODY = 12000; // ms more for the body, which a slow phone takes its time for
const RETRY = [1000, 2000, 4000, 8000]; // ms between attempts at a stream that was refused
const SILENCE = 25000; // ms without an event, 2.5 of the hub's beats, after which a stream is dead
const COUNTED = 25000; // ms for what the hub has to count first
const AT_BROKER = 40000; // ms for what the hub has to do at the broker first
const NO_CONTENT = 204;
const EVENTS = "state rejection forgotten missed zone mutes wishes booth hub beat".split(" ");

/** The hub did not give what was asked; `status` is 0 when it did not answer at all. */
export class ApiError extends Error {
  /**
   * @param {string} path
   * @param {number} status
   * @param {string} message
   */
  constructor(path, status, message) {
    super(`${path}: ${message}`);
    this.status = status;
    this.reason = message;
  }
}

/**
 * Why something failed, as the hub says it, else as the browser does.
 * @param {unknown} error
 */
export const reasonOf = (error) =>
  error instanceof ApiError ? error.reason : error instanceof Error ? error.message : String(error);

let ahead = 0; // ms by which the hub's clock is ahead of this browser's

/** Now by the hub's clock, epoch ms, to within its `Date` header's second. */
export const hubNow = () => Date.now() + ahead;

/** @param {Response} response */
function learnClock(response) {
  const said = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(said)) return;
  const difference = said + 500 - Date.now();
  ahead = Math.abs(difference) < 2000 ? 0 : difference;
}

/** @param {Query} query */
function addressed(query) {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null) words.set(name, String(value));
  return words;
}

/**
 * @param {string} path
 * @param {Query} [query]
 * @param {number[]} [accepted] statuses that are answers too
 * @param {number} [patience] ms
 */
const get = (path, query = {}, accepted = [], patience = TIMEOUT) => ask(path, query, {}, accepted, patience);

/**
 * @param {string} path
 * @param {Query} query
 * @param {RequestInit} options
 * @param {number[]} [accepted] statuses that are answers too
 * @param {number} [patience] ms
 * @returns {Promise<any>} what the path answers
 */
async function ask(path, query, options, accepted = [], patience = TIMEOUT) {
  const words = String(addressed(query));
  const address = words ? `${path}?${words}` : path;
  const deadline = new AbortController();
  let timer = setTimeout(() => deadline.abort(), patience);
  /** @type {Response | null} */
  let response = null;
  let body = null;
  try {
    response = await fetch(address, { cache: "no-store", signal: deadline.signal, ...options });
    learnClock(response);
    clearTimeout(timer);
    timer = setTimeout(() => deadline.abort(), BODY);
    body = response.status === NO_CONTENT ? {} : await response.json();
  } catch (error) {
    if (!response || !(error instanceof SyntaxError)) throw new ApiError(path, 0, reasonOf(error));
  } finally {
    clearTimeout(timer);
  }
  if ((!response.ok && !accepted.includes(response.status)) || body === null) {
    throw new ApiError(path, response.status, saidMessage(body) || response.statusText);
  }
  return body;
}

/** @type {(query?: Query) => Promise<Zone>} */
export const zone = (query = {}) => get("/api/zone", query);
/** @type {() => Promise<Kind[]>} */
export const kinds = async () => (await get("/api/kinds")).map(withDigits);
/** @type {() => Promise<Dialect[]>} */
export const dialects = () => get("/api/dialects");
/** @type {(query?: Query) => Promise<Device[]>} */
export const devices = (query = {}) => get("/api/devices", query);
/** @type {(query?: Query) => Promise<Rejection[]>} */
export const rejections = (query = {}) => get("/api/rejections", query);
/** @type {() => Promise<Causes>} */
export const causes = () => get("/api/rejections/causes");
/** @type {(id: string) => Promise<BoothDetails>} */
export const booth = (id) => get(`/api/booths/${encodeURIComponent(id)}`);
/** @type {(kind: string, query: Query) => Promise<Program[]>} */
export const snippets = (kind, query) => get(`/api/kinds/${encodeURIComponent(kind)}/snippets`, query);
/** @type {() => Promise<PastTold>} */
export const past = () => get("/api/past", {}, [], COUNTED);
/** @type {() => Promise<DayTold>} */
export const day = () => get("/api/day", {}, [], COUNTED);
/** @type {() => Promise<Accounts>} */
export const accounts = () => get("/api/accounts");
/** @type {() => Promise<OpenApi>} */
export const openapi = () => get("/openapi.json");

/**
 * What the hub would say to `payload` as a reading of a kind.
 * @type {(kind: string, payload: string, query: Query) => Promise<Accepted | NotAccepted>}
 */
export const check = (kind, payload, query) =>
  ask(`/api/kinds/${encodeURIComponent(kind)}/check`, query, { method: "POST", body: payload });

/** @type {() => Promise<Mute[]>} */
export const mutes = () => get("/api/mutes");
/**
 * Mute an alarm: {cause or device, minutes, by}.
 * @type {(asked: {cause?: string, device?: Address, minutes: number, by: string}) => Promise<Mute>}
 */
export const mute = (asked) => ask("/api/mutes", {}, { method: "POST", body: JSON.stringify(asked) });
/**
 * End a mute before its time.
 * @type {(id: string) => Promise<void>}
 */
export const unmute = (id) => ask(`/api/mutes/${encodeURIComponent(id)}`, {}, { method: "DELETE" });

/** @param {Asking} asked */
const asking = ({ booth, kind }) => `/api/booths/${encodeURIComponent(booth)}/kinds/${encodeURIComponent(kind)}`;

/**
 * The kinds that booths ask for; the draft of one; to ask for one, and to refuse it.
 * @type {() => Promise<Wish[]>}
 */
export const wishes = () => get("/api/wishes");
/** @type {(wish: Asking) => Promise<Draft>} */
export const draft = (wish) => get(`${asking(wish)}/draft`);
/** @type {(asked: Asking) => Promise<Wish>} */
export const wish = (asked) => ask(`${asking(asked)}/wish`, {}, { method: "POST" });
/** @type {(asked: Asking) => Promise<void>} */
export const refuse = (asked) => ask(`${asking(asked)}/wish`, {}, { method: "DELETE" });

/**
 * Take a kind, declared as JSON Schema; and what was rejected before it was there.
 * @type {(declaration: object) => Promise<Kind>}
 */
export const declare = (declaration) =>
  ask("/api/kinds", {}, { method: "POST", body: JSON.stringify(declaration) });
/** @type {(kind: string) => Promise<Reconsidered>} */
export const acceptRejected = (kind) =>
  ask(`/api/kinds/${encodeURIComponent(kind)}/accept-rejected`, {}, { method: "POST" });

/**
 * The store whose plug visitors pull, of a hub that shows that.
 * @type {() => Promise<StorePlug>}
 */
export const plug = () => get("/api/show/plug");
/** @type {() => Promise<StorePlug>} */
export const pullPlug = () => ask("/api/show/plug", {}, { method: "POST" });
/** @type {() => Promise<StorePlug>} */
export const putPlugBack = () => ask("/api/show/plug", {}, { method: "DELETE" });

/**
 * The booths of the zone file and those with accounts.
 * @type {() => Promise<ListedBooth[]>}
 */
export const booths = () => get("/api/booths");

/**
 * Have a booth's accounts made or changed: {admin_password, by, …}; the answer alone has passwords.
 * @type {(id: string, action: string, order: object) => Promise<MadeAccounts>}
 */
export const orderAccounts = (id, action, order) =>
  ask(
    `/api/booths/${encodeURIComponent(id)}/accounts/${action}`,
    {},
    { method: "POST", body: JSON.stringify(order) },
    [],
    AT_BROKER,
  );

/**
 * Send one reading as a visitor's telephone; the hub's receipt, or why it keeps no such reading.
 * @type {() => Promise<Receipt | Rejection>}
 */
export const tap = () => ask("/api/show/tap", {}, { method: "POST" });

/**
 * The replays that play onto the wall, and where each is.
 * @type {() => Promise<Replay[]>}
 */
export const replays = () => get("/api/replays");

/**
 * Want something of a replay: {paused, steps, speed, position}.
 * @param {string} player
 * @param {ReplayWish} wish
 */
export const leadReplay = (player, wish) =>
  ask(`/api/replays/${player}`, {}, { method: "PATCH", body: JSON.stringify(wish) });

/**
 * 503 is an answer too: the hub says which part fails. A body without parts is no answer.
 * @returns {Promise<Health>}
 */
export async function health() {
  const body = await get("/api/health", {}, [503]);
  if (!body.parts) throw new ApiError("/api/health", 503, body.message ?? "no parts");
  return body;
}

/**
 * Stored readings of one device in the last `seconds`, oldest first; of one `field`, its means.
 * @param {Address} device
 * @param {number} seconds
 * @param {string | null} [field]
 * @returns {Promise<Row[]>}
 */
export const history = ({ booth, kind, device }, seconds, field = null) =>
  get("/api/readings", {
    booth,
    kind,
    device,
    start: `-${seconds}s`,
    limit: 2000,
    ...(field ? { field, every: "5s", agg: "mean" } : {}),
  });

/**
 * RFC 3339, or epoch ms, as epoch ms; null when it is neither. Browsers have to read ms, not ns.
 * @param {unknown} text
 * @returns {number | null}
 */
export function time(text) {
  if (typeof text === "number") return text;
  const said = String(text ?? "");
  // The hub's own times are cut, for each reading: 0.3 µs instead of 0.9 by the expression.
  const own = said.length > 24 && said[19] === "." && said.endsWith("Z");
  const parsed = Date.parse(own ? `${said.slice(0, 23)}Z` : said.replace(/(\.\d{3})\d+/, "$1"));
  return Number.isNaN(parsed) ? null : parsed;
}

/**
 * The live stream, while the page can be seen: a browser has six connections for all its tabs.
 * `heard` has a function for each event (`reading`, `state`, `rejection`, `forgotten`, `missed`,
 * `zone`, `mutes`, `wishes`, `booth`, `hub`), `heard()`, called with each of them, `link(state, since)`, called with
 * "connecting", "open" or "retry" and the epoch ms from which on nothing was heard, and `refused()`,
 * called when the hub answered with an error.
 * Reconnects for ever, also when a stream died silently; `reopen` does not wait for that.
 * @param {Query} query
 * @param {Heard} heard
 */
export function live(query, heard) {
  const words = String(addressed({ ...query, batch: true }));
  const told = /** @type {Record<string, ((event: any) => void) | undefined>} */ (/** @type {unknown} */ (heard));
  /** @type {EventSource | null} */
  let source = null;
  let refusals = 0;
  let timer = 0;
  let at = 0; // epoch ms of the newest event, or of the attempt

  function open() {
    at = Date.now();
    const opened = new EventSource(`/api/live?${words}`);
    source = opened;
    opened.onopen = () => {
      at = Date.now();
      refusals = 0;
      heard.link("open", at);
    };
    opened.onerror = () => {
      heard.link("retry", Date.now());
      // After an HTTP error the browser gives up; after a cut it tries again by itself.
      if (opened.readyState !== EventSource.CLOSED) return;
      opened.close();
      heard.refused();
      timer = setTimeout(open, RETRY[Math.min(refusals, RETRY.length - 1)]);
      refusals += 1;
    };
    for (const name of EVENTS) on(opened, name, (data) => told[name]?.(JSON.parse(data)));
    // All of an update at once: an event for each would cost the browser more than what is in it.
    on(opened, "readings", (data) => {
      if (told.reading) for (const event of JSON.parse(data)) told.reading(event);
    });
  }

  /**
   * @param {EventSource} opened
   * @param {string} name
   * @param {(data: string) => void} take
   */
  function on(opened, name, take) {
    opened.addEventListener(name, (event) => {
      at = Date.now();
      heard.heard?.();
      take(event.data);
    });
  }

  /**
   * @param {import("./link.js").Stream} state
   * @param {number} since
   */
  function close(state, since) {
    clearTimeout(timer);
    source?.close();
    source = null;
    heard.link(state, since);
  }

  /**
   * @param {import("./link.js").Stream} [state]
   * @param {number} [since]
   */
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
