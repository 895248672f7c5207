// Paints what differs in a comparison onto the land: new is plain, changed is dotted and dashed, gone is hatched.

import {colorOfKind} from './differing.js'

const rgb = color => `rgb(${color.join(' ')})`
const LEAST = 6 // pixels that a line is wide
const DASHES = {new: [], changed: [3, 2], gone: [1, 1]} // of the outline, in its own widths

/** pen: as painting.js has it. width: metres of a line, 0 of an area; isOutline: what lies in the area has its own. */
export function paintDifference({painter, pixels}, kind, path, {width, isOutline}) {
  const color = colorOfKind(kind)
  if (!color) return
  const edge = Math.max((isOutline ? 1.8 : 1) * pixels, 2)
  const pattern = patternOf(painter, kind, color, Math.max(3.4 * pixels, 9))
  if (width) paintBand(painter, color, pattern, path, Math.max(width * pixels, LEAST), edge)
  else paintField(painter, color, pattern, path, isOutline ? 0.3 : 1)
  painter.lineCap = 'butt'
  painter.lineWidth = edge * 1.3
  painter.strokeStyle = rgb(color)
  painter.setLineDash(DASHES[kind].map(part => part * edge * 1.6))
  if (!width) painter.stroke(path)
  painter.setLineDash([])
  painter.lineCap = 'round'
}

function paintField(painter, color, pattern, path, strength) {
  painter.globalAlpha = (pattern ? 0.1 : 0.24) * strength
  painter.fillStyle = rgb(color)
  painter.fill(path, 'evenodd')
  painter.globalAlpha = 0.7 * strength
  if (pattern) {
    painter.fillStyle = pattern
    painter.fill(path, 'evenodd')
  }
  painter.globalAlpha = 1
}

/** A pale band between two edges. */
function paintBand(painter, color, pattern, path, width, edge) {
  painter.strokeStyle = rgb(color)
  painter.lineWidth = width + 2 * edge
  painter.stroke(path)
  painter.strokeStyle = rgb(color.map(part => 255 - (255 - part) * (pattern ? 0.18 : 0.5)))
  painter.lineWidth = width
  painter.stroke(path)
  if (!pattern) return
  painter.strokeStyle = pattern
  painter.stroke(path)
}

/** Dots for what is changed, stripes for what is gone; null for what is new. gap: pixels. */
function patternOf(painter, kind, color, gap) {
  if (kind === 'new') return null
  const side = Math.round(gap)
  const canvas = Object.assign(document.createElement('canvas'), {width: side, height: side})
  const pen = canvas.getContext('2d')
  pen.fillStyle = pen.strokeStyle = rgb(color)
  pen.lineWidth = side / 5
  pen.beginPath()
  if (kind === 'changed') pen.arc(side / 2, side / 2, side / 5, 0, 2 * Math.PI), pen.fill()
  else for (const shift of [-side, 0, side]) pen.moveTo(shift - 1, side + 1), pen.lineTo(shift + side + 1, -1)
  if (kind === 'gone') pen.stroke()
  return painter.createPattern(canvas, 'repeat')
}
