// Shadows on the land of a tile: what stands is moved away from the sun, and all that it sweeps over lies in its shade.

import {isSparing} from './graphics.js'
import {shadowOfOneMetre, strength, sun} from './sunlight.js'
import {UNIT} from './tile.js'

const CASTERS = {shadows: 'buildings', 'tree-shadows': 'trees'}
// From where to where, of a caster's height, its outline stands: walls begin at the ground, crowns above it.
const FROM_TO = {shadows: [0, 1], 'tree-shadows': [0.45, 1.25]}
const TRUNK = 0.3 // metres
const REACH = {shadows: 150, 'tree-shadows': 50} // metres, as in web/drawn/shadows.py
const PATIENCE = {moving: 30, resting: isSparing ? 800 : 150} // milliseconds of a frame that shadows may take

const canvas = document.createElement('canvas')
let spent = 0

/** late: whether the frame has left shadows to the next one. bare: a processor's first picture comes without them. */
export const frame = {count: 0, late: false, bare: isSparing}

export function startFrame() {
  spent = 0
  frame.count += 1
  frame.late = false
}

/** The texture of a tile's shadows, white in the shade; painted anew when the sun has moved. */
export class Shade {
  constructor(device, tile, sharpness) {
    Object.assign(this, {device, tile, sharpness, painted: null, texture: null})
  }

  /** Returns whether all is painted: what a frame has no time for is left to the next. */
  paint(size, shown) {
    const across = sun.moving ? Math.min(size, 512) / 2 : size
    const groups = strength() && !frame.bare ? castersOf(this.tile).filter(group => shown.includes(CASTERS[group.layer])) : []
    const wanted = groups.length ? `${sun.moves} ${across} ${shown}` : 'none'
    if (this.painted === wanted) return true
    if (this.texture && spent > PATIENCE[sun.moving ? 'moving' : 'resting']) {
      frame.late = true
      return false
    }
    const start = performance.now()
    if (groups.length) this.upload(paintShadows(groups, across, across / this.tile.metres))
    else this.clear()
    this.painted = wanted
    spent += performance.now() - start
    return true
  }

  upload(image) {
    if (this.texture?.width !== image.width) this.renew(image.width)
    this.texture.copyExternalImage({image})
    this.texture.generateMipmapsWebGL()
  }

  clear() {
    if (this.texture?.width !== 1) this.renew(1, new Uint8Array(1))
  }

  renew(size, data) {
    this.texture?.destroy()
    this.texture = this.device.createTexture({
      width: size,
      height: size,
      format: 'r8unorm',
      mipLevels: Math.floor(Math.log2(size)) + 1,
      data,
      sampler: {
        minFilter: 'linear', magFilter: 'linear', mipmapFilter: 'linear', maxAnisotropy: this.sharpness,
        addressModeU: 'clamp-to-edge', addressModeV: 'clamp-to-edge',
      },
    })
  }

  destroy() {
    this.texture?.destroy()
  }
}

function paintShadows(groups, size, pixels) {
  canvas.width = canvas.height = size
  const painter = canvas.getContext('2d', {willReadFrequently: isSparing})
  painter.fillStyle = '#000'
  painter.fillRect(0, 0, size, size)
  painter.fillStyle = '#fff'
  const [east, north] = shadowOfOneMetre()
  for (const group of groups) {
    const sweep = sweepOf(group.layer, east * pixels, -north * pixels, REACH[group.layer] * pixels)
    painter.beginPath()
    for (const ring of group.rings) addSweep(painter, ring, size / 2, ...sweep(ring.height))
    painter.fill('nonzero')
    if (group.layer === 'tree-shadows') paintTrunks(painter, group.rings, size / 2, sweep, TRUNK * pixels)
  }
  return canvas
}

/** For a height: by how much the outline is moved at the caster's foot, and at its top. */
function sweepOf(layer, dx, dy, reach) {
  const [from, to] = FROM_TO[layer]
  const least = 1 / Math.max(Math.hypot(dx, dy), 1e-9)
  return height => {
    const top = Math.min(height * to, reach * least)
    const foot = Math.min(height * from, top)
    return [dx * foot, dy * foot, dx * top, dy * top]
  }
}

/**
 * Adds to the path: the outline at its foot (a house stands on its own), the outline at its top, and what the edges on
 * the far side sweep over. What is shorter than half a pixel is not seen.
 * All turn the same way, so that overlapping pieces add up instead of cancelling.
 */
function addSweep(painter, {xy}, half, fx, fy, tx, ty) {
  const count = xy.length / 2
  const [dx, dy] = [tx - fx, ty - fy]
  if (Math.hypot(dx, dy) < 0.5) return
  addRing(painter, xy, half, tx, ty)
  if (fx || fy) addRing(painter, xy, half, fx, fy)
  let start = -1
  for (let i = 0; i < count; i++) {
    const ahead = i + 1 < count && (xy[2 * i + 3] - xy[2 * i + 1]) * dx - (xy[2 * i + 2] - xy[2 * i]) * dy > 0
    if (ahead && start < 0) start = i
    if (ahead || start < 0) continue
    painter.moveTo(half * (1 + xy[2 * start]) + tx, half * (1 + xy[2 * start + 1]) + ty)
    for (let k = start + 1; k <= i; k++) painter.lineTo(half * (1 + xy[2 * k]) + tx, half * (1 + xy[2 * k + 1]) + ty)
    for (let k = i; k >= start; k--) painter.lineTo(half * (1 + xy[2 * k]) + fx, half * (1 + xy[2 * k + 1]) + fy)
    painter.closePath()
    start = -1
  }
}

function addRing(painter, xy, half, dx, dy) {
  painter.moveTo(half * (1 + xy[0]) + dx, half * (1 + xy[1]) + dy)
  for (let k = 2; k < xy.length; k += 2) painter.lineTo(half * (1 + xy[k]) + dx, half * (1 + xy[k + 1]) + dy)
  painter.closePath()
}

function paintTrunks(painter, rings, half, sweep, width) {
  if (width < 0.4) return
  painter.strokeStyle = '#fff'
  painter.lineWidth = width
  painter.beginPath()
  for (const {middle, height} of rings) {
    const [x, y] = [half * (1 + middle[0]), half * (1 + middle[1])]
    const [fx, fy] = sweep(height)
    painter.moveTo(x, y)
    painter.lineTo(x + fx, y + fy)
  }
  painter.stroke()
}

/** Outlines of what casts a shadow: -1 to 1 over the tile, downward; outer rings turn one way, courtyards the other. */
function castersOf(tile) {
  tile.casters ??= tile.walked.filter(group => group.layer in CASTERS).map(({layer, drawn, scale = 1}) => ({
    layer,
    rings: drawn.flatMap(({rings, size}) => rings.map(([start, count], number) => {
      const xy = new Float32Array(count * 2)
      for (let i = 0; i < count; i++) {
        xy[2 * i] = (tile.points[2 * (start + i)] * scale) / UNIT
        xy[2 * i + 1] = (-tile.points[2 * (start + i) + 1] * scale) / UNIT
      }
      return turned(xy, number === 0, size)
    })),
  }))
  return tile.casters
}

function turned(xy, outer, height) {
  let area = 0
  const middle = [0, 0]
  const count = xy.length / 2
  for (let i = 0; i + 1 < count; i++) {
    area += xy[2 * i] * xy[2 * i + 3] - xy[2 * i + 2] * xy[2 * i + 1]
    middle[0] += xy[2 * i] / (count - 1)
    middle[1] += xy[2 * i + 1] / (count - 1)
  }
  if (area > 0 === outer) return {xy, middle, height}
  const back = new Float32Array(xy.length)
  for (let i = 0; i < count; i++) back.set(xy.subarray(2 * i, 2 * i + 2), 2 * (count - 1 - i))
  return {xy: back, middle, height}
}
