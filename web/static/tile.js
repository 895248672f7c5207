// Tiles of the planned city: fetched once, read without copying.

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

export async function fetchTile(url, signal) {
  const response = await fetch(url, {signal})
  if (!response.ok) throw new Error(`${response.status} ${url}`)
  return unpack(await response.arrayBuffer())
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
