// What the pages know: zone, kinds, devices, rejections, health, accounts, and the link to the hub.
// Loads once, grows from the live stream, and collects what changed until somebody draws it.

import * as api from "./api.js";
import { usualInterval } from "./attention.js";
import { domainsOf } from "./domains.js";
import { hourMinute, isoDay, setTimezone } from "./format.js";
import { History } from "./history.js";

const POLL = 2500; // ms between health and accounts
const RESYNC = 60000; // ms between full reloads, which mend whatever a stream may have missed
const REJECTIONS = 100; // newest that are kept
const MEND = 15000; // ms, and up to as many more, after which what the stream left out is loaded
const CAUSES = 400; // ms after a rejection until its cause is asked for
const OPENING = 6000; // ms that the first load waits for the stream
const WAITING = 2000; // events that wait for a load; of more the rest is loaded again

export const keyOf = ({ booth, kind, device }) => `${booth}/${kind}/${device}`;

const nothing = () => ({
  devices: new Set(), // keys whose values or state changed
  heard: new Set(), // booths from which a reading came
  structure: false, // a device or booth that was not known
  rejections: false,
  hub: false, // health, accounts or the link
  details: false, // how far the booth has come
});

export class State {
  constructor({ booth } = {}) {
    this.only = booth; // the exhibitor's page knows one booth
    this.zone = null;
    this.kinds = new Map();
    this.devices = new Map();
    this.rejections = [];
    this.health = null;
    this.accounts = null;
    this.causes = { total: 0, causes: [] }; // of the rejections of the last minutes
    this.mutes = []; // alarms that the ops staff muted
    this.deaf = null; // epoch ms since when the hub hears nothing, so that states are not known
    this.details = null; // of the one booth: its checklist, accounts and quota
    this.mendTimer = 0;
    this.outdated = true; // whether there may be another kind than those that are known
    this.cut = false; // whether the stream told nothing for a while
    this.cutAt = Date.now(); // epoch ms from which on it told nothing; null while it is open
    this.loading = 0; // loads under way
    this.waiting = []; // events that came meanwhile
    this.streamed = "connecting"; // connecting, open, retry
    this.failure = null; // of the newest request: lost, denied
    this.answered = null; // epoch ms by the hub's clock of its last answer
    this.changes = nothing();
    this.stream = null;
    this.shape = null;
  }

  /** How this page hears the hub: connecting, open, retry, lost or denied; never open before all is loaded. */
  get link() {
    return this.failure ?? (this.zone ? this.streamed : "connecting");
  }

  /** What changed since the last call. */
  take() {
    const changes = this.changes;
    this.changes = nothing();
    return changes;
  }

  async start() {
    // The stream first: what happens while the rest is loaded comes by it, and waits.
    await new Promise((opened) => {
      setTimeout(opened, document.hidden ? 0 : OPENING);
      this.#listen(opened);
    });
    await this.#untilLoaded();
    if (!this.only) this.#watch();
    setInterval(() => this.#reload(), RESYNC);
  }

  #listen(opened) {
    this.stream = api.live(
      { booth: this.only },
      {
        link: (state, since) => {
          if (state !== "connecting") opened();
          this.#linked(state, since);
        },
        reading: (event) => this.#inTurn(() => this.#reading(event)),
        state: (event) => this.#inTurn(() => this.#liveness(event)),
        rejection: (event) => this.#inTurn(() => this.#rejection(event)),
        forgotten: (event) => this.#inTurn(() => this.#forgotten(event)),
        booth: (details) => this.#told(details),
        missed: () => this.#mendLater(),
        zone: () => {
          this.outdated = true;
          this.#reload();
        },
        mutes: () => this.#muted(),
        refused: () => this.#reload(),
        heard: () => {
          if (!this.failure) this.answered = api.hubNow();
        },
      },
    );
  }

  /** Take in an event, and again after what is being loaded: that may be older than the event. */
  #inTurn(take) {
    if (this.zone) take();
    if (this.zone && !this.loading) return;
    this.waiting.push(take);
    if (this.waiting.length <= WAITING) return;
    this.waiting.shift();
    this.#mendLater();
  }

  #reload() {
    this.load().catch((error) => {
      this.#failed(error);
      this.#reloadLater();
    });
  }

  #reloadLater() {
    this.retryTimer ||= setTimeout(() => {
      this.retryTimer = 0;
      this.#reload();
    }, POLL);
  }

  async #untilLoaded() {
    for (;;) {
      try {
        return await this.load();
      } catch (error) {
        this.#failed(error);
        await new Promise((resolve) => setTimeout(resolve, POLL));
      }
    }
  }

  /** Load everything; keeps the histories that are known already. */
  async load() {
    this.loading += 1;
    try {
      await this.#loadAll();
    } finally {
      this.loading -= 1;
      if (this.zone && !this.loading) for (const take of this.waiting.splice(0)) take();
    }
  }

  async #loadAll() {
    const booth = this.only;
    const hub = booth ? this.#loadDetails() : Promise.all([this.#loadHub(), this.#loadCauses()]);
    const [zone, kinds, devices, rejections] = await Promise.all([
      api.zone({ booth }),
      this.#catalogue(),
      api.devices({ booth, trend: booth ? undefined : true }),
      booth ? api.rejections({ booth, limit: REJECTIONS }) : [], // the wall shows their causes
      hub,
      booth ? null : this.#muted(),
    ]);
    this.zone = zone;
    setTimezone(zone.event.timezone);
    this.kinds = kinds;
    this.rejections = rejections;
    const known = this.devices;
    this.devices = new Map();
    for (const entry of devices) this.#put(entry, known.get(keyOf(entry)));
    this.#answer();
    this.#changed();
  }

  /** The kinds, loaded once: again only when the hub says that there is another, or was away. */
  async #catalogue() {
    if (!this.outdated) return this.kinds;
    this.outdated = false;
    try {
      return new Map((await api.kinds()).map((kind) => [kind.name, kind]));
    } catch (error) {
      this.outdated = true;
      throw error;
    }
  }

  /** After a reload: build anew what is new, else draw what is there again. */
  #changed() {
    const { event, zones, booths, mqtt } = this.zone;
    const places = booths.map(({ id, name, place }) => [id, name, place]);
    const shape = JSON.stringify([
      event,
      zones,
      places,
      mqtt,
      [...this.kinds.keys()],
      [...this.devices.keys()].sort(),
    ]);
    if (shape !== this.shape) this.changes.structure = true;
    this.shape = shape;
    for (const key of this.devices.keys()) this.changes.devices.add(key);
    this.changes.rejections = true;
    this.changes.hub = true;
  }

  async #loadDetails() {
    this.#told(await api.booth(this.only));
  }

  #told(details) {
    this.details = details;
    this.changes.details = true;
  }

  /** The stream left something out, for too much happened: load it, each page at its own time. */
  #mendLater() {
    this.mendTimer ||= setTimeout(
      () => {
        this.mendTimer = 0;
        this.#reload();
      },
      MEND * (1 + Math.random()),
    );
  }

  async #loadHub() {
    [this.health, this.accounts] = await Promise.all([api.health(), api.accounts()]);
    const deaf = this.health.status === "ok" ? null : (this.deaf ?? api.hubNow());
    if (deaf !== this.deaf) for (const key of this.devices.keys()) this.changes.devices.add(key);
    this.deaf = deaf;
  }

  async #muted() {
    if (this.only) return;
    this.mutes = await api.mutes();
    this.changes.hub = true;
  }

  async #loadCauses() {
    this.causes = await api.causes();
  }

  /** A message was rejected: ask for the causes anew, but not for each of a burst. */
  #causesSoon() {
    if (this.only) return;
    this.causesTimer ||= setTimeout(async () => {
      try {
        await this.#loadCauses();
        this.changes.rejections = true;
      } catch (error) {
        this.#failed(error);
      } finally {
        this.causesTimer = 0;
      }
    }, CAUSES);
  }

  /** Whether the event is outside its opening hours: then nobody's silence matters. */
  get closed() {
    return this.zone?.event.open === false;
  }

  /** Whether the last day of the event is over. */
  get ended() {
    const { ends, closes } = this.zone?.event ?? {};
    const today = isoDay(api.hubNow());
    const past = today > ends || (today === ends && hourMinute(api.hubNow()) >= closes);
    return this.closed && Boolean(ends) && past;
  }

  /** Whether the first day of the event has come: until then nobody need be connected. */
  get begun() {
    const { starts } = this.zone?.event ?? {};
    return !starts || starts <= isoDay(api.hubNow());
  }

  /** Look again and again, each time once the last look has ended: a browser has few connections. */
  async #watch() {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, POLL));
      try {
        await this.#loadHub();
        this.#answer();
      } catch (error) {
        this.#failed(error);
      }
      this.changes.hub = true;
    }
  }

  #answer() {
    this.answered = api.hubNow();
    if (!this.failure) return;
    this.failure = null;
    this.stream.reopen(); // it may have died with the rest
  }

  #failed(error) {
    this.failure = error.status === 401 || error.status === 403 ? "denied" : "lost";
    this.changes.hub = true;
  }

  #linked(state, since) {
    this.streamed = state;
    this.changes.hub = true;
    if (state === "open") return this.#opened();
    this.cutAt = state === "connecting" ? since : (this.cutAt ?? since);
    this.cut = true;
  }

  #opened() {
    // Whatever else answered meanwhile: what the stream did not tell while it was cut is loaded.
    if (this.cut && (this.zone || this.loading)) {
      this.outdated = true;
      this.#reload();
    }
    this.cut = false;
    this.cutAt = null;
    if (!this.zone) return;
    this.failure = null;
    this.answered = api.hubNow();
  }

  #put(entry, before) {
    const kind = this.kinds.get(entry.kind);
    if (!kind) return null;
    const device = before ?? { key: keyOf(entry), history: new History(kind, entry.interval), stored: null };
    const changed = before && before.state !== entry.state;
    Object.assign(device, entry, { seen: api.time(entry.last_seen), eventDriven: kind.event_driven });
    device.usual = usualInterval(device, kind);
    if (!device.since || changed) device.since = device.seen ?? api.hubNow();
    device.history.seed(entry.trend);
    this.devices.set(device.key, device);
    return device;
  }

  /** The device of an event; one that was not known is made of what the event says. */
  #known(event) {
    const device = this.devices.get(keyOf(event));
    if (device) return device;
    const { booth, kind, device: name, domain } = event;
    const spoken = event.dialect ? { dialect: event.dialect, name: event.name } : {};
    const fresh = { booth, kind, device: name, domain, ...spoken, state: "live", last_seen: null, last: {} };
    this.changes.structure = true;
    const nothing = { warnings: [], warnings_ko: [], clock_skew_ms: null, earlier: {}, ceased: [] };
    return this.#put({ ...fresh, ...nothing, readings: 0, rejections: 0, rate: 0 });
  }

  #reading(event) {
    const device = this.#known(event);
    if (!device) return;
    device.last = event.fields; // all that is known: what was cleared is not in it
    device.earlier = event.earlier ?? {};
    device.ceased = event.ceased ?? [];
    if (!event.replayed) device.seen = api.hubNow();
    device.readings = event.readings ?? device.readings + 1;
    device.rate = event.rate ?? device.rate;
    device.rejections = event.rejections ?? device.rejections;
    this.#warned(device, event);
    device.replayed = event.replayed ?? false;
    const at = device.warnings.includes("clock") ? device.seen : (api.time(event.ts) ?? api.hubNow());
    device.history.add(at / 1000, event.fields);
    this.changes.devices.add(device.key);
    this.changes.heard.add(device.booth);
  }

  #warned(device, event) {
    device.warnings = event.warnings ?? device.warnings;
    device.warnings_ko = event.warnings_ko ?? device.warnings;
    device.clock_skew_ms = event.clock_skew_ms ?? null;
    device.clock_guess = event.clock_guess ?? "";
    device.clock_guess_ko = event.clock_guess_ko ?? "";
  }

  #liveness(event) {
    const device = this.#known(event);
    if (!device) return;
    if (device.state !== event.state) device.since = api.time(event.at) ?? api.hubNow();
    device.state = event.state;
    this.#warned(device, event);
    this.changes.devices.add(device.key);
  }

  #forgotten(event) {
    if (this.devices.delete(keyOf(event))) this.changes.structure = true;
  }

  #rejection(event) {
    // Loaded just now, and told by the stream too.
    if (this.rejections.some(({ at, topic }) => at === event.at && topic === event.topic)) return;
    this.rejections.unshift(event);
    this.rejections.length = Math.min(this.rejections.length, REJECTIONS);
    const booth = this.zone.booths.find(({ id }) => id === event.booth);
    if (booth) booth.rejections += 1;
    const device = this.devices.get((event.topic ?? "").split("/").slice(-3).join("/"));
    if (device) {
      device.rejections += 1;
      this.changes.devices.add(device.key);
    }
    this.changes.rejections = true;
    this.#causesSoon();
  }

  /** Load the stored readings of `device` for its charts, once: all of them, or one field's means. */
  async loadHistory(device, seconds, field = null) {
    if (device.stored === "all" || (field && device.stored)) return;
    const before = device.stored;
    device.stored = field ?? "all";
    try {
      device.history.load(await api.history(device, seconds, field));
      this.changes.devices.add(device.key);
    } catch {
      device.stored = before; // the chart grows from live readings; the next showing asks again
    }
  }

  /** Every booth of the zone, then those that only their devices tell of. */
  booths() {
    const told = this.zone?.booths ?? [];
    const ids = new Set(told.map((booth) => booth.id));
    const others = [...this.devices.values()].filter((device) => !ids.has(device.booth));
    const strays = [...new Set(others.map((device) => device.booth))].sort();
    return [...told, ...strays.map((id) => ({ id, name: {}, place: null, devices: {}, rejections: 0 }))];
  }

  /** The booth of this id, or one without a name. */
  booth(id) {
    return this.zone?.booths.find((booth) => booth.id === id) ?? { id, name: {}, place: null };
  }

  /** The domains of the catalogue, as [{id, label}]. */
  domains() {
    return domainsOf(this.kinds.values());
  }
}
