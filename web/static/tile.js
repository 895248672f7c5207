// Tiles of the planned city: fetched once, read without copying.

import {isSparing} from './graphics.js'
import {motion} from './moving.js'

const KINDS = {Int16Array, Uint16Array, Uint8Array, Uint32Array}

/** The layout is told in web/drawn/packing.py. */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true)
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  const start = 4 + length
  const arrays = {}
  for (const [name, place] of Object.entries(head.arrays)) {
    arrays[name] = new KINDS[place.type](buffer, start + place.offset, place.length)
  }
  return {...head, ...arrays}
}

let underWay = 0

export async function fetchTile(url, signal) {
  underWay += 1
  let tile
  try {
    const response = await fetch(url, {signal})
    if (!response.ok) throw new Error(`${response.status} ${url}`)
    tile = unpack(await response.arrayBuffer())
  } finally {
    underWay -= 1
    if (!underWay) release()
  }
  if (isSparing && (underWay || motion.is)) await company()
  return tile
}

// Milliseconds that a tile waits for others, or for the view to rest; the first picture comes as a whole.
const LONGEST = {resting: 400, moving: 3000, first: 4000}
const waiting = []
let since
let late

/** Each tile that arrives costs a frame, and a processor takes long to draw one: so they appear together. */
function company() {
  if (!waiting.length) since = performance.now()
  late ??= setTimeout(release, document.documentElement.dataset.ready ? LONGEST.resting : LONGEST.first)
  return new Promise(go => waiting.push(go))
}

function release() {
  clearTimeout(late)
  const isEarly = motion.is && performance.now() - since < LONGEST.moving
  late = isEarly && waiting.length ? setTimeout(release, LONGEST.resting) : undefined
  if (!isEarly) waiting.splice(0).forEach(go => go())
}

export const UNIT = 16000 // as in web/drawn/frame.py
export const STEPS = 25

/** Units of the tile become degrees from its middle and metres of height, for LNGLAT_OFFSETS. */
export function positions(tile, places) {
  const [east, north] = [tile.span[0] / UNIT, tile.span[1] / UNIT]
  const out = new Float32Array(places.length)
  for (let i = 0; i < places.length; i += 3) {
    out[i] = places[i] * east
    out[i + 1] = places[i + 1] * north
    out[i + 2] = places[i + 2] / STEPS
  }
  return out
}
