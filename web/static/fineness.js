// How finely the land is painted: as finely as it is seen, and where a processor draws the first picture comes first.

import {isSparing} from './graphics.js'
import {motion} from './moving.js'

const [LEAST, MOST] = [128, 1024] // pixels across a painting
const PATIENCE = 60 // milliseconds, of 100, in which paintings may be made finer
const EYE = 1.5 // screen heights between the eye and the middle of the picture: deck.gl's own
const WORLD = 512 // deck.gl's, across
let since = 0
let spent = 0
let later

/** late: whether the last frame shows a painting that is coarser than it is to be. */
export const fineness = {late: false}

/** Pixels across the painting of a tile. bbox: in degrees; ratio: pixels drawn for each of the page's. */
export function sizeOf(viewport, {west, south, east, north}, ratio) {
  if (!isSparing) return MOST
  const [left, bottom] = viewport.projectPosition([west, south, 0])
  const [right, top] = viewport.projectPosition([east, north, 0])
  const [x, y, z] = viewport.cameraPosition
  const away = Math.hypot(x - clamp(x, left, right), y - clamp(y, bottom, top), z)
  const seen = (((right - left) * EYE * viewport.height) / Math.max(away, WORLD / 2 ** 24)) * ratio
  return clamp(2 ** Math.round(Math.log2(seen) + 0.2), LEAST, MOST)
}

const clamp = (value, least, most) => Math.min(Math.max(value, least), most)

/** Paints a tile anew where it is seen more finely than it is painted, as far as there is time; the rest comes later. */
export function refine(layer, tile, wanted, paintAnew) {
  if (tile.size >= wanted) return
  const now = performance.now()
  if (now - since > 100) [since, spent] = [now, 0]
  if (!motion.is && spent < PATIENCE) {
    paintAnew()
    spent += performance.now() - now
    return
  }
  fineness.late = true
  if (!motion.is) later ??= setTimeout(() => (later = layer.setNeedsUpdate()), 100) // at rest `sharpen` asks
}
