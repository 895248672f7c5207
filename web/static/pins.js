// The pins that mark what is no larger than a point: one picture for each layer and class.

import {rgb} from './painting.js'

const PIN = 64
let drawnPins

/** One pin for each layer and class, in its colour; stops bear the H of their sign. */
export function pins(style) {
  if (drawnPins?.style === style) return drawnPins
  const wanted = Object.entries(style).flatMap(([layer, {color, colors, fills = {}}]) => [
    [`${layer}/`, color], ...Object.entries(colors).map(([kind, own]) => [`${layer}/${kind}`, own]),
    ...Object.entries(fills).map(([fill, own]) => [`${layer}/#${fill}`, own])])
  const canvas = document.createElement('canvas')
  const across = 16
  canvas.width = across * PIN
  canvas.height = Math.ceil(wanted.length / across) * PIN
  const painter = canvas.getContext('2d')
  const mapping = {}
  wanted.forEach(([name, color], i) => {
    const [x, y] = [(i % across) * PIN, Math.floor(i / across) * PIN]
    mapping[name] = {x, y, width: PIN, height: PIN, anchorY: PIN - 2, mask: false}
    paintPin(painter, x + PIN / 2, y, color, name.startsWith('stops/') ? 'H' : '')
  })
  drawnPins = {style, canvas, mapping}
  return drawnPins
}

function paintPin(painter, x, y, color, letter) {
  painter.fillStyle = '#fff'
  painter.beginPath()
  painter.arc(x, y + 25, 22, 0.22 * Math.PI, 0.78 * Math.PI, true)
  painter.lineTo(x, y + 62)
  painter.closePath()
  painter.fill()
  painter.fillStyle = rgb(color)
  painter.beginPath()
  painter.arc(x, y + 25, 18, 0, 2 * Math.PI)
  painter.fill()
  painter.fillStyle = '#fff'
  if (letter) {
    painter.font = '600 24px "Source Sans 3 Variable", sans-serif'
    painter.textAlign = 'center'
    painter.fillText(letter, x, y + 33)
  } else {
    painter.beginPath()
    painter.arc(x, y + 25, 6, 0, 2 * Math.PI)
    painter.fill()
  }
}
