// A line or an area that a citizen draws, corner after corner, and what others drew, laid over the city.

const byId = id => document.getElementById(id)
const SVG = 'http://www.w3.org/2000/svg'
const {words} = JSON.parse(byId('session').textContent)
export const shapes = document.createElementNS(SVG, 'svg')
shapes.id = 'shapes'
shapes.setAttribute('aria-hidden', 'true') // the list tells of each
export const drawing = {kind: 'point', corners: [], closed: false}
let told

/** changed: draws anew. done: is given the corners as text, `9.1,53.5 9.2,53.5`. */
export function wireDrawing({changed, done}) {
  told = {changed, done}
  for (const button of byId('kinds').querySelectorAll('[data-kind]')) {
    button.addEventListener('click', () => begun(true, button.dataset.kind))
  }
  byId('draw-done').addEventListener('click', end)
  byId('draw-back').addEventListener('click', back)
  addEventListener('keydown', event => {
    const act = {Enter: end, Backspace: back}[event.key]
    if (!act || drawing.corners.length === 0 || event.target.closest('button, a, input, textarea')) return
    event.preventDefault()
    event.stopPropagation() // the map's own keys have to wait
    act()
  }, {capture: true})
}

/** Nothing is drawn yet; or, with on = false, no longer. */
export function begun(on, kind = 'point') {
  Object.assign(drawing, {kind, corners: [], closed: kind === 'area'})
  for (const button of byId('kinds').querySelectorAll('[data-kind]')) {
    button.ariaPressed = String(button.dataset.kind === kind)
  }
  byId('drawing-deeds').hidden = kind === 'point'
  byId('pointing').textContent = on ? words[kind === 'point' ? 'p-tap-now' : 'p-draw-now'] : ''
  renew()
}

/** ground: longitude, latitude, height. */
export function addCorner([longitude, latitude, height = 0]) {
  drawing.corners.push([longitude, latitude, height])
  document.querySelector('#view canvas')?.focus({preventScroll: true}) // so that the keys are ours
  renew()
}

function back() {
  drawing.corners.pop()
  renew()
}

const isEnough = () => drawing.corners.length >= (drawing.closed ? 3 : 2)

function end() {
  if (!isEnough()) return
  const {corners, closed} = drawing
  const said = (closed ? [...corners, corners[0]] : corners).map(([x, y]) => `${x.toFixed(6)},${y.toFixed(6)}`)
  told.done(said.join(' '))
}

function renew() {
  byId('draw-done').disabled = !isEnough()
  byId('draw-back').disabled = drawing.corners.length === 0
  told?.changed()
}

/** pins: of contributions, with `corners` where they are more than a point. own: the corners of what is being drawn. */
export function drawShapes(viewport, pins, own, closed) {
  const paths = pins.filter(pin => pin.corners).map(pin => path(viewport, pin.corners, pin.closed, 'said'))
  if (own.length) paths.push(path(viewport, own, closed, 'own'), ...own.map(corner => dot(viewport, corner)))
  shapes.replaceChildren(...paths.filter(Boolean))
}

function path(viewport, corners, closed, name) {
  const projected = corners.map(corner => viewport.project(corner))
  if (projected.some(([, , depth]) => Math.abs(depth) >= 1)) return null // a part of it is behind the eye
  const node = document.createElementNS(SVG, 'path')
  node.setAttribute('d', `M${projected.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}${closed ? 'Z' : ''}`)
  node.setAttribute('class', `${name}${closed ? ' closed' : ''}`)
  return node
}

function dot(viewport, corner) {
  const [x, y] = viewport.project(corner)
  const node = document.createElementNS(SVG, 'circle')
  for (const [name, value] of [['cx', x], ['cy', y], ['r', 6]]) node.setAttribute(name, value)
  return node
}
