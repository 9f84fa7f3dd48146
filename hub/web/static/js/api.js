// The hub's HTTP API: every request of the pages is here. Shapes as at /docs.

const TIMEOUT = 6000; // ms; a hub that has not answered by then is shown as not answering
const RETRY = [1000, 2000, 4000, 8000]; // ms between attempts at a stream that was refused

/** The hub did not give what was asked; `status` is 0 when it did not answer at all. */
export class ApiError extends Error {
  constructor(path, status, message) {
    super(`${path}: ${message}`);
    this.status = status;
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

async function ask(path, query, options, accepted = []) {
  const words = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const address = words.length ? `${path}?${new URLSearchParams(words)}` : path;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), TIMEOUT);
  let response;
  try {
    response = await fetch(address, { cache: "no-store", signal: deadline.signal, ...options });
  } catch (error) {
    throw new ApiError(path, 0, error.message);
  } finally {
    clearTimeout(timer);
  }
  learnClock(response);
  const body = await response.json().catch(() => null);
  if ((!response.ok && !accepted.includes(response.status)) || body === null) {
    throw new ApiError(path, response.status, body?.message ?? response.statusText);
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
 * The live stream. `heard` has a function for each event (`reading`, `state`, `rejection`, `forgotten`, `missed`, `zone`),
 * `link(state)`, called with "connecting", "open" or "retry", and `refused()`, called when the hub
 * answered with an error. Reconnects for ever; `reopen` drops a stream that may have died silently,
 * as when the network was away.
 */
export function live(query, heard) {
  const words = String(new URLSearchParams(Object.entries(query).filter(([, value]) => value)));
  let source = null;
  let refusals = 0;
  let timer = 0;

  function open() {
    source = new EventSource(words ? `/api/live?${words}` : "/api/live");
    source.onopen = () => {
      refusals = 0;
      heard.link("open");
    };
    source.onerror = () => {
      heard.link("retry");
      // After an HTTP error the browser gives up; after a cut it tries again by itself.
      if (source.readyState !== EventSource.CLOSED) return;
      source.close();
      heard.refused();
      timer = setTimeout(open, RETRY[Math.min(refusals, RETRY.length - 1)]);
      refusals += 1;
    };
    for (const name of ["reading", "state", "rejection", "forgotten", "missed", "zone"]) {
      source.addEventListener(name, (event) => heard[name](JSON.parse(event.data)));
    }
  }

  function reopen() {
    clearTimeout(timer);
    source?.close();
    heard.link("connecting");
    open();
  }

  reopen();
  return { reopen };
}
