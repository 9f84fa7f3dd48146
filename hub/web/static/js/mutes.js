// Muted alarms: which of the rows are.

import * as api from "./api.js";
import { clock } from "./format.js";
import { t } from "./labels.js";
import { keyOf } from "./state.js";

/**
 * @typedef {import("./causes.js").Item} Item
 * @typedef {import("./causes.js").TroubleRow} TroubleRow
 */

/**
 * @param {Mute} mute
 * @param {Address | undefined} device
 */
const sameDevice = (mute, device) =>
  mute.device !== null && device !== undefined && keyOf(mute.device) === keyOf(device);

/**
 * The function that returns the mute of an item with a cause, or null, at `now` (epoch ms).
 * @param {Mute[]} mutes
 * @param {number} now
 * @returns {(item: Item, cause: string) => Mute | null}
 */
export function muteAt(mutes, now) {
  const lasting = mutes.filter((mute) => (api.time(mute.until) ?? 0) > now);
  return (item, cause) => lasting.find((mute) => mute.cause === cause || sameDevice(mute, item.device)) ?? null;
}

/**
 * By whom a row is muted, and until when.
 * @param {Mute} mute
 */
export const muteWords = ({ by, until }) => t("muted_by", { by, until: clock(api.time(until)).slice(0, 5) });

/**
 * The same of a booth, which says that it is muted.
 * @param {Mute} mute
 */
export const mutedUntil = (mute) => t("muted_until", { who: muteWords(mute) });

/**
 * The keys of the devices of which every trouble is muted.
 * @param {TroubleRow[]} rows
 */
export function hushed(rows) {
  const keys = (/** @type {(row: TroubleRow) => boolean} */ wanted) =>
    rows.filter(wanted).flatMap((row) => row.items.flatMap(({ device }) => device?.key ?? []));
  const loud = new Set(keys((row) => !row.mute));
  return new Set(keys((row) => row.mute !== null).filter((key) => !loud.has(key)));
}

/**
 * The mute of a booth all of whose troubles are muted, or null; `rows` are those of the list.
 * @param {TroubleRow[]} rows
 * @param {string} id
 */
export function boothMute(rows, id) {
  const own = rows.filter((row) => !row.value && row.booths.includes(id));
  return own.length && own.every((row) => row.mute) ? own[0].mute : null;
}
