// The light of the scene: where the sun stands, and what it does to colours. The layers read it as they draw.

/** degrees; until the server has told the day's way: 21 March, three in the afternoon, in the middle of Germany. */
export const sun = {azimuth: 227, altitude: 29, moving: false, moves: 0, even: false}

/** Diffuse light without shadows, so that what lies on the land has the colours of its legend. */
export const evenOut = even => Object.assign(sun, {even, moves: sun.moves + 1})

const SUNSET_WARMTH = [1.03, 0.95, 0.86]
const DUSK = [0.52, 0.57, 0.72]
const LOWEST = 6 // degrees: from here down light is diffuse, shadows grow no longer and fade; as in web/drawn/shadows.py

/** Returns whether it changed. moving: it is being dragged, so that quick counts for more than fine. */
export function moveSun(azimuth, altitude, moving) {
  if (sun.azimuth === azimuth && sun.altitude === altitude && sun.moving === moving) return false
  Object.assign(sun, {azimuth, altitude, moving, moves: sun.moves + 1})
  return true
}

/** Metres east and north of a shadow for each metre of height. */
export function shadowOfOneMetre() {
  const azimuth = radians(sun.azimuth)
  const length = 1 / Math.tan(radians(Math.max(sun.altitude, LOWEST)))
  return [-Math.sin(azimuth) * length, -Math.cos(azimuth) * length]
}

/** How strong the direct light is, 0 to 1. */
export const strength = () => (sun.even ? 0 : smooth(-0.5, LOWEST, sun.altitude))

/** What the hour does to all colours. */
export function colorOfLight() {
  const day = smooth(-8, 2, sun.altitude)
  const warm = strength() * (1 - smooth(3, 16, sun.altitude))
  return DUSK.map((part, i) => mix(part, 1, day) * mix(1, SUNSET_WARMTH[i], warm))
}

const SUNLIGHT = `
layout(std140) uniform sunlightUniforms {
  vec3 direction;
  float strength;
  vec3 color;
} sunlight;
// Facing the sun, turned away from it, or in diffuse light: 1 in the middle.
float sunlight_on(vec3 normal) {
  float facing = clamp(0.45 + 0.55 * dot(normal, sunlight.direction), 0.0, 1.0);
  return mix(0.84, 0.625 + 0.4375 * facing, sunlight.strength);
}`

/** A shader module, as luma.gl takes it. */
export const sunlight = {
  name: 'sunlight',
  vs: SUNLIGHT,
  fs: SUNLIGHT,
  uniformTypes: {direction: 'vec3<f32>', strength: 'f32', color: 'vec3<f32>'},
}

export function sunlightUniforms() {
  const [azimuth, altitude] = [radians(sun.azimuth), radians(sun.altitude)]
  const direction = [
    Math.sin(azimuth) * Math.cos(altitude), Math.cos(azimuth) * Math.cos(altitude), Math.sin(altitude)]
  return {sunlight: {direction, strength: strength(), color: colorOfLight()}}
}

const radians = degrees => (degrees * Math.PI) / 180
const mix = (a, b, share) => a + (b - a) * share

function smooth(low, high, value) {
  const share = Math.min(Math.max((value - low) / (high - low), 0), 1)
  return share * share * (3 - 2 * share)
}
