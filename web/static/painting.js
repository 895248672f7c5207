// Paints what lies flat on the land of a tile: areas and lines.

import {isComparing} from './differing.js'
import {isSparing} from './graphics.js'
import {paintDifference} from './marking.js'
import {UNIT} from './tile.js'

const PAPER = [236, 233, 224]
const PALE = 0.22 // what a filter takes away
const STREET_ORDER = ['footway', 'steps', 'track', 'cycleway', 'other', 'service', 'living_street', 'residential',
  'pedestrian', 'tertiary', 'secondary', 'primary', 'trunk', 'motorway', 'tram', 'rail']
const LEAST_PIXELS = {motorway: 2.6, trunk: 2.2, primary: 2, secondary: 1.7, tertiary: 1.4, residential: 1, rail: 1}

/** tile: as web/drawn/land.py packs it. shown: names of layers. style: name -> {color, colors, fills, widths}. strengths: name -> opacity. */
export function paint(tile, {size, shown, style, tint, strengths = {}, backdrop = null}) {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = size
  const painter = canvas.getContext('2d', {willReadFrequently: isSparing})
  const wash = color => {
    painter.fillStyle = rgb(color)
    painter.fillRect(-2, -2, size + 4, size + 4) // beyond the edge, which browsers may soften
  }
  wash(PAPER)
  if (backdrop) painter.drawImage(backdrop, 0, 0, size, size)
  painter.lineJoin = painter.lineCap = 'round'
  const pen = {painter, size, pixels: size / tile.metres, tile, style}
  for (const group of groupsOf(tile)) {
    if (shown.has(group.layer)) paintOver(pen, group, (strengths[group.layer] ?? 1) * (group.pale ? PALE : 1))
  }
  painter.globalCompositeOperation = 'multiply'
  wash(tint.map(part => part * 255))
  return canvas
}

let veil
/** A group as a whole, so that what crosses within it shows no seams. */
function paintOver(pen, group, strength) {
  if (strength === 1) return paintGroup(pen, group)
  veil ??= document.createElement('canvas')
  veil.width = veil.height = pen.size // and wiped
  const painter = veil.getContext('2d')
  painter.lineJoin = painter.lineCap = 'round'
  paintGroup({...pen, painter}, group)
  pen.painter.globalAlpha = strength
  pen.painter.drawImage(veil, 0, 0)
  pen.painter.globalAlpha = 1
}

export const rgb = color => `rgb(${color.map(Math.round).join(' ')})`

/** The packed groups with where their parts, rings and points begin. Parts are walked once and kept. */
function groupsOf(tile) {
  if (tile.walked) return tile.walked
  let part = 0
  let ring = 0
  let point = 0
  tile.walked = tile.groups.map(group => {
    const parts = []
    for (let i = 0; i < group.parts; i++, part++) {
      const rings = []
      for (let j = 0; j < tile.partRings[part]; j++, ring++) {
        rings.push([point, tile.ringSizes[ring]])
        point += tile.ringSizes[ring]
      }
      const look = tile.classes[part]
      parts.push({rings, kind: group.classes[look], fill: group.fills?.[look], size: tile.sizes[part] / 10})
    }
    return {...group, drawn: parts}
  })
  return tile.walked
}

function paintGroup(pen, group) {
  if (group.difference) return paintDifferences(pen, group)
  if (group.layer === 'streets') return group.geometry === 'line' && paintStreets(pen, group)
  if (group.layer === 'lines') return paintLines(pen, group)
  for (const part of group.drawn) {
    if (group.geometry === 'area') paintArea(pen, group.layer, part)
    else paintLine(pen, group.layer, part)
  }
}

/** In the shape that it has on this side, over all else. */
function paintDifferences(pen, {layer, geometry, difference, drawn}) {
  const width = ({kind, size}) => size || pen.style[layer]?.widths?.[kind] || 3
  for (const part of drawn) {
    const how = {width: geometry === 'line' ? width(part) : 0, isOutline: Boolean(pen.style[layer]?.outlined)}
    paintDifference(pen, difference, pathOf(pen, part.rings), how)
  }
}

const colorOf = (style, {kind, fill}) => style.fills?.[fill] ?? style.colors[kind] ?? style.color

const CALM = [0, 0.6, 0.7] // of what has an edge in a comparison, in which colour tells what differs

function paintArea(pen, layer, part) {
  const {painter, style, pixels} = pen
  const color = colorOf(style[layer], part)
  const path = pathOf(pen, part.rings)
  const {area, fills, edge: darker, outlined} = style[layer]
  const usual = isComparing() && outlined ? CALM : area
  const [fill, edge, width] = fills && area[1] ? [0.85, 0.9, 0.7] : usual // what has no edge is painted solid
  if (fill) {
    painter.globalAlpha = fill
    painter.fillStyle = rgb(color)
    painter.fill(path, 'evenodd')
  }
  if (edge) {
    painter.globalAlpha = edge
    painter.strokeStyle = rgb(color.map(value => value * darker))
    painter.lineWidth = Math.max(width * pixels, 0.9)
    painter.stroke(path)
  }
  painter.globalAlpha = 1
}

function paintLine(pen, layer, part) {
  const {painter, style, pixels} = pen
  painter.strokeStyle = rgb(colorOf(style[layer], part))
  painter.lineWidth = Math.max((part.size || style[layer].width) * pixels, 1.2)
  painter.stroke(pathOf(pen, part.rings))
}

/** All kerbs first, so that streets meet without a seam. */
function paintStreets(pen, group) {
  const {painter, style, pixels} = pen
  const rank = kind => STREET_ORDER.indexOf(kind)
  const parts = [...group.drawn].sort((one, other) => rank(one.kind) - rank(other.kind))
  const width = ({kind, size}) => size || style.streets.widths[kind] || 4
  const {kerb, kerbWidth, noKerb} = style.streets
  painter.strokeStyle = rgb(kerb)
  for (const part of parts) {
    if (noKerb.includes(part.kind) || pixels * width(part) < 1.5) continue
    painter.lineWidth = (width(part) + 2 * kerbWidth) * pixels
    painter.stroke(pathOf(pen, part.rings))
  }
  for (const part of parts) {
    const least = LEAST_PIXELS[part.kind] ?? 0.6
    const path = pathOf(pen, part.rings)
    painter.strokeStyle = rgb(colorOf(style.streets, part))
    painter.lineWidth = Math.max(width(part) * pixels, least)
    if (part.kind === 'rail' || part.kind === 'tram') paintRails(pen, path, part)
    else painter.stroke(path)
  }
}

function paintRails({painter, pixels}, path) {
  painter.save()
  painter.lineCap = 'butt'
  painter.lineWidth = Math.max(0.5 * pixels, 1)
  painter.stroke(path)
  painter.lineWidth = Math.max(2.6 * pixels, 2.4)
  painter.setLineDash([Math.max(0.6 * pixels, 0.8), Math.max(2.2 * pixels, 3)])
  painter.stroke(path)
  painter.restore()
}

function paintLines(pen, group) {
  const {painter, style, pixels} = pen
  painter.globalAlpha = style.lines.strength
  for (const part of group.drawn) {
    painter.strokeStyle = rgb(colorOf(style.lines, part))
    painter.lineWidth = Math.max(style.lines.width * pixels, 1.6)
    painter.stroke(pathOf(pen, part.rings))
  }
  painter.globalAlpha = 1
}

function pathOf({tile, size}, rings) {
  const path = new Path2D()
  for (const [start, count] of rings) {
    pixelsOf(tile, size, start, count).forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)))
  }
  return path
}

function pixelsOf({points}, size, start, count) {
  const half = size / 2
  const out = new Array(count)
  for (let i = 0; i < count; i++) {
    const at = (start + i) * 2
    out[i] = [half * (1 + points[at] / UNIT), half * (1 - points[at + 1] / UNIT)]
  }
  return out
}
