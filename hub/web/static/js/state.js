// What a page knows of the hub: zone, kinds, devices, rejections, health, accounts. Pure: it is told
// what was loaded and what happened, and collects what changed until somebody draws it.

import { time } from "./api.js";
import { usualInterval } from "./attention.js";
import { domainsOf } from "./domains.js";
import { hourMinute, isoDay } from "./format.js";
import { History } from "./history.js";

/**
 * @typedef {import("./attention.js").Item} Item
 * @typedef {object} Kept what a page adds to a device
 * @property {string} key
 * @property {History} history
 * @property {string | null} stored of which field the stored readings are loaded: "all" is all of them
 * @property {number | null} seen epoch ms
 * @property {boolean} eventDriven
 * @property {number | null} usual seconds between two readings
 */
/** @typedef {Device & Kept} PageDevice */
/** @typedef {Address & Partial<Omit<Device, "state" | "last" | "expected" | "stray" | "last_seen">> & {domain: string, ts: string, fields?: Record<string, Raw>}} ReadingEvent */
/** @typedef {Address & Partial<Device> & {state: Device["state"], at: string, domain: string}} StateEvent */
/** @typedef {Pick<Booth, "id" | "name" | "place"> & Partial<Omit<Booth, "devices">> & {devices?: Partial<BoothDevices>}} PlannedBooth one may be known from its devices alone */
/** @typedef {{devices: Set<string>, structure: boolean, rejections: boolean, hub: boolean, details: boolean, heard: Set<string>}} Changes */

const NO_FIELDS = Object.freeze({});
/** @type {string[]} */
const NOTHING = [];
const NO_WARNINGS = { warnings: NOTHING, warnings_ko: NOTHING };

export const HELD = 100; // rejections that are kept, the newest; of more a page knows no number

/** @type {Omit<Device, "booth" | "kind" | "device" | "domain">} */
const UNHEARD = {
  state: "live",
  last_seen: null,
  last: {},
  earlier: {},
  ceased: [],
  replayed: false,
  expected: false,
  stray: false,
  warnings: [],
  warnings_ko: [],
  clock_skew_ms: null,
  clock_guess: "",
  clock_guess_ko: "",
  readings: 0,
  rejections: 0,
  rate: 0,
};

/** @param {Address} address */
export const keyOf = ({ booth, kind, device }) => `${booth}/${kind}/${device}`;

/** @returns {Changes} */
const nothing = () => ({
  devices: new Set(), // keys whose values or state changed
  heard: new Set(), // booths from which a reading came
  structure: false, // a device or booth that was not known
  rejections: false,
  hub: false, // health, accounts or the link
  details: false, // how far the booth has come
});

export class State {
  /** @type {string | null} */
  #shape = null; // what the boards are built of, to see whether another is needed

  /**
   * `booth` is the only one that the exhibitor's page knows; `now()` is epoch ms by the hub's clock.
   * @param {{booth?: string, now: () => number}} about
   */
  constructor({ booth, now }) {
    this.only = booth;
    this.now = now;
    /** @type {Zone | null} */
    this.zone = null;
    /** @type {Map<string, Kind>} */
    this.kinds = new Map();
    /** @type {Map<string, PageDevice>} */
    this.devices = new Map();
    /** @type {Rejection[]} */
    this.rejections = [];
    /** @type {Health | null} */
    this.health = null;
    /** @type {Accounts | null} */
    this.accounts = null;
    /** @type {Pick<Causes, "total" | "causes">} */
    this.causes = { total: 0, causes: [] }; // of the rejections of the last minutes
    /** @type {Mute[]} */
    this.mutes = []; // alarms that the ops staff muted
    /** @type {number | null} */
    this.deaf = null; // epoch ms since when the hub hears nothing, so that states are not known
    /** @type {BoothDetails | null} */
    this.details = null; // of the one booth: its checklist, accounts and quota
    this.changes = nothing();
  }

  /** What changed since the last call. */
  take() {
    const changes = this.changes;
    this.changes = nothing();
    return changes;
  }

  /**
   * All was loaded, for the first time or again; histories that are known stay.
   * @param {{zone: Zone, kinds: Map<string, Kind>, devices: Device[], rejections: Rejection[]}} loaded
   */
  load({ zone, kinds, devices, rejections }) {
    this.zone = zone;
    this.kinds = kinds;
    this.rejections = rejections;
    const known = this.devices;
    this.devices = new Map();
    for (const entry of devices) this.#put(entry, known.get(keyOf(entry)));
    this.#changed(zone);
  }

  /**
   * After a load: build again what is another, else draw what is there.
   * @param {Zone} zone
   */
  #changed({ event, origin, zones, booths, mqtt, show }) {
    const places = booths.map(({ id, name, place }) => [id, name, place]);
    const shape = JSON.stringify([
      event,
      origin,
      zones,
      places,
      mqtt,
      show,
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

  /**
   * How the hub is.
   * @param {Health} health
   * @param {Accounts} accounts
   */
  hub(health, accounts) {
    this.health = health;
    this.accounts = accounts;
    const deaf = health.status === "ok" ? null : (time(health.deaf_since) ?? this.deaf ?? this.now());
    if (deaf !== this.deaf) this.#allDevices();
    this.deaf = deaf;
    this.changes.hub = true;
  }

  /**
   * How far the one booth has come.
   * @param {BoothDetails} details
   */
  told(details) {
    this.details = details;
    this.changes.details = true;
  }

  /**
   * Which alarms are muted.
   * @param {Mute[]} mutes
   */
  muted(mutes) {
    this.mutes = mutes;
    this.changes.hub = true;
  }

  /**
   * What the rejections of the last minutes have in common.
   * @param {Causes} causes
   */
  rejected(causes) {
    this.causes = causes;
    this.changes.rejections = true;
  }

  /** The zone; for what is drawn, which is nothing until it is loaded. */
  get plan() {
    if (!this.zone) throw new Error("nothing can be drawn before the zone is loaded");
    return this.zone;
  }

  /** Whether the event is outside its opening hours: then nobody's silence matters. */
  get closed() {
    return this.zone?.event.open === false;
  }

  /** Whether the last day of the event is over. */
  get ended() {
    const { ends, closes } = this.zone?.event ?? {};
    const today = isoDay(this.now());
    if (!this.closed || !ends) return false;
    return today > ends || (today === ends && hourMinute(this.now()) >= (closes ?? ""));
  }

  /** Whether the first day of the event has come: until then nobody need be connected. */
  get begun() {
    const { starts } = this.zone?.event ?? {};
    return !starts || starts <= isoDay(this.now());
  }

  /**
   * @param {Device} entry
   * @param {PageDevice} [before]
   * @returns {PageDevice | null}
   */
  #put(entry, before) {
    const kind = this.kinds.get(entry.kind);
    if (!kind) return null;
    const device = /** @type {PageDevice} */ (
      before ?? { key: keyOf(entry), history: new History(kind, entry.interval), stored: null }
    );
    Object.assign(device, entry, { seen: time(entry.last_seen), eventDriven: kind.event_driven });
    device.usual = usualInterval(device, kind);
    device.history.seed(entry.trend);
    this.devices.set(device.key, device);
    return device;
  }

  /**
   * The device of an event; one that was not known is made of what the event says.
   * @param {ReadingEvent | StateEvent} event
   */
  #known(event) {
    const device = this.devices.get(keyOf(event));
    if (device) return device;
    const { booth, kind, device: name, domain } = event;
    const spoken = event.dialect ? { dialect: event.dialect, name: event.name } : {};
    this.changes.structure = true;
    return this.#put({ ...UNHEARD, booth, kind, device: name, domain, ...spoken });
  }

  /**
   * A device sent a reading.
   * @param {ReadingEvent} event
   */
  reading(event) {
    const device = this.#known(event);
    if (!device) return;
    // What is empty, false or 0 is not in the event; of `fields`, what was cleared.
    device.last = event.fields ?? NO_FIELDS;
    device.earlier = event.earlier ?? NO_FIELDS;
    device.ceased = event.ceased ?? NOTHING;
    if (!event.replayed) device.seen = this.now();
    device.readings = event.readings ?? 0;
    device.rate = event.rate ?? 0;
    device.rejections = event.rejections ?? 0;
    this.#warned(device, event.warnings ? event : NO_WARNINGS);
    device.replayed = event.replayed ?? false;
    const sent = device.warnings.includes("clock") ? device.seen : time(event.ts);
    device.history.add((sent ?? this.now()) / 1000, device.last);
    this.changes.devices.add(device.key);
    this.changes.heard.add(device.booth);
  }

  /**
   * @param {PageDevice} device
   * @param {Partial<Device>} event
   */
  #warned(device, event) {
    device.warnings = event.warnings ?? device.warnings;
    device.warnings_ko = event.warnings_ko ?? device.warnings;
    device.clock_skew_ms = event.clock_skew_ms ?? null;
    device.clock_guess = event.clock_guess ?? "";
    device.clock_guess_ko = event.clock_guess_ko ?? "";
  }

  /**
   * A device is in another state.
   * @param {StateEvent} event
   */
  liveness(event) {
    const device = this.#known(event);
    if (!device) return;
    device.state = event.state;
    this.#warned(device, event);
    this.changes.devices.add(device.key);
  }

  /**
   * A device is to be shown no more.
   * @param {Address} event
   */
  forgotten(event) {
    if (this.devices.delete(keyOf(event))) this.changes.structure = true;
  }

  /**
   * A message was rejected. Returns false for one that is known: loaded just now, and told too.
   * @param {Rejection} event
   */
  rejection(event) {
    if (this.rejections.some(({ at, topic }) => at === event.at && topic === event.topic)) return false;
    this.rejections.unshift(event);
    this.rejections.length = Math.min(this.rejections.length, HELD);
    const booth = this.zone?.booths.find(({ id }) => id === event.booth);
    if (booth) booth.rejections += 1;
    const device = this.devices.get((event.topic ?? "").split("/").slice(-3).join("/"));
    if (device) {
      device.rejections += 1;
      this.changes.devices.add(device.key);
    }
    this.changes.rejections = true;
    return true;
  }

  /**
   * The kind of a device that is known: without its kind it would not be.
   * @param {{kind: string}} device
   */
  kindOf({ kind }) {
    return /** @type {Kind} */ (this.kinds.get(kind));
  }

  /**
   * Every booth of the zone, then those that only their devices tell of.
   * @returns {PlannedBooth[]}
   */
  booths() {
    const told = this.zone?.booths ?? [];
    const ids = new Set(told.map((booth) => booth.id));
    const others = [...this.devices.values()].filter((device) => !ids.has(device.booth));
    const strays = [...new Set(others.map((device) => device.booth))].sort();
    return [...told, ...strays.map((id) => ({ id, name: {}, place: null, devices: {}, rejections: 0 }))];
  }

  /**
   * The booth of this id, or one without a name.
   * @param {string} id
   * @returns {PlannedBooth}
   */
  booth(id) {
    return this.zone?.booths.find((booth) => booth.id === id) ?? { id, name: {}, place: null };
  }

  /** The domains of the catalogue, as [{id, label}]. */
  domains() {
    return domainsOf(this.kinds.values());
  }
}
