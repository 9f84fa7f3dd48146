// What a page knows of the hub: zone, kinds, devices, rejections, health, accounts. Pure: it is told
// what was loaded and what happened, and collects what changed until somebody draws it.

import { time } from "./api.js";
import { usualInterval } from "./attention.js";
import { domainsOf } from "./domains.js";
import { hourMinute, isoDay } from "./format.js";
import { History } from "./history.js";

export const HELD = 100; // rejections that are kept, the newest; of more a page knows no number

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
  #shape = null; // what the boards are built of, to see whether another is needed

  /** `booth` is the only one that the exhibitor's page knows; `now()` is epoch ms by the hub's clock. */
  constructor({ booth, now } = {}) {
    this.only = booth;
    this.now = now;
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
    this.changes = nothing();
  }

  /** What changed since the last call. */
  take() {
    const changes = this.changes;
    this.changes = nothing();
    return changes;
  }

  /** All was loaded, for the first time or again; histories that are known stay. */
  load({ zone, kinds, devices, rejections }) {
    Object.assign(this, { zone, kinds, rejections });
    const known = this.devices;
    this.devices = new Map();
    for (const entry of devices) this.#put(entry, known.get(keyOf(entry)));
    this.#changed();
  }

  /** After a load: build again what is another, else draw what is there. */
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
    if (shape !== this.#shape) this.changes.structure = true;
    this.#shape = shape;
    this.#allDevices();
    this.changes.rejections = true;
    this.changes.hub = true;
  }

  #allDevices() {
    for (const key of this.devices.keys()) this.changes.devices.add(key);
  }

  /** How the hub is. */
  hub(health, accounts) {
    Object.assign(this, { health, accounts });
    const deaf = health.status === "ok" ? null : (time(health.deaf_since) ?? this.deaf ?? this.now());
    if (deaf !== this.deaf) this.#allDevices();
    this.deaf = deaf;
    this.changes.hub = true;
  }

  /** How far the one booth has come. */
  told(details) {
    this.details = details;
    this.changes.details = true;
  }

  /** Which alarms are muted. */
  muted(mutes) {
    this.mutes = mutes;
    this.changes.hub = true;
  }

  /** What the rejections of the last minutes have in common. */
  rejected(causes) {
    this.causes = causes;
    this.changes.rejections = true;
  }

  /** Whether the event is outside its opening hours: then nobody's silence matters. */
  get closed() {
    return this.zone?.event.open === false;
  }

  /** Whether the last day of the event is over. */
  get ended() {
    const { ends, closes } = this.zone?.event ?? {};
    const today = isoDay(this.now());
    const past = today > ends || (today === ends && hourMinute(this.now()) >= closes);
    return this.closed && Boolean(ends) && past;
  }

  /** Whether the first day of the event has come: until then nobody need be connected. */
  get begun() {
    const { starts } = this.zone?.event ?? {};
    return !starts || starts <= isoDay(this.now());
  }

  #put(entry, before) {
    const kind = this.kinds.get(entry.kind);
    if (!kind) return null;
    const device = before ?? { key: keyOf(entry), history: new History(kind, entry.interval), stored: null };
    Object.assign(device, entry, { seen: time(entry.last_seen), eventDriven: kind.event_driven });
    device.usual = usualInterval(device, kind);
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

  /** A device sent a reading. */
  reading(event) {
    const device = this.#known(event);
    if (!device) return;
    device.last = event.fields; // all that is known: what was cleared is not in it
    device.earlier = event.earlier ?? {};
    device.ceased = event.ceased ?? [];
    if (!event.replayed) device.seen = this.now();
    device.readings = event.readings ?? device.readings + 1;
    device.rate = event.rate ?? device.rate;
    device.rejections = event.rejections ?? device.rejections;
    this.#warned(device, event);
    device.replayed = event.replayed ?? false;
    const at = device.warnings.includes("clock") ? device.seen : (time(event.ts) ?? this.now());
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

  /** A device is in another state. */
  liveness(event) {
    const device = this.#known(event);
    if (!device) return;
    device.state = event.state;
    this.#warned(device, event);
    this.changes.devices.add(device.key);
  }

  /** A device is to be shown no more. */
  forgotten(event) {
    if (this.devices.delete(keyOf(event))) this.changes.structure = true;
  }

  /** A message was rejected. Returns false for one that is known: loaded just now, and told too. */
  rejection(event) {
    if (this.rejections.some(({ at, topic }) => at === event.at && topic === event.topic)) return false;
    this.rejections.unshift(event);
    this.rejections.length = Math.min(this.rejections.length, HELD);
    const booth = this.zone.booths.find(({ id }) => id === event.booth);
    if (booth) booth.rejections += 1;
    const device = this.devices.get((event.topic ?? "").split("/").slice(-3).join("/"));
    if (device) {
      device.rejections += 1;
      this.changes.devices.add(device.key);
    }
    this.changes.rejections = true;
    return true;
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
