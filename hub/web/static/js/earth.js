// From degrees on earth (WGS 84) to metres on the plan, x to the right and y down. Equirectangular: over a
// hall of 300 m that is right to some centimetres.

const METRES = 111195; // in one degree of latitude, on average
const RADIANS = Math.PI / 180;

/**
 * Where a place is on a plan whose origin lies at `origin`.
 * @param {{latitude: number, longitude: number}} place
 * @param {Origin} origin
 * @returns {import("./flags.js").Point}
 */
export function onPlan({ latitude, longitude }, origin) {
  const round = ((longitude - origin.longitude + 540) % 360) - 180; // the shorter way about the earth
  const east = round * METRES * Math.cos(origin.latitude * RADIANS);
  const north = (latitude - origin.latitude) * METRES;
  const [up, right] = [Math.cos(origin.bearing * RADIANS), Math.sin(origin.bearing * RADIANS)];
  return { x: east * up - north * right, y: -(east * right + north * up) };
}
