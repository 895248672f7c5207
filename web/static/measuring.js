// Measures lengths, areas and heights between points that are clicked or picked with Enter in the picture's middle.

import {areaOf, crossesItself, distance, lengthOf} from './geodesy.js'
import {groundUnder} from './ground.js'
import {area, length, metres} from './figures.js'

const byId = id => document.getElementById(id)
const NEAR = 8 // pixels: a second click there is the same point
const SVG = 'http://www.w3.org/2000/svg'
let now = null // {city, tool, places, pointer, done, heights}

export function startMeasuring(city, tool) {
  now = {city, tool, places: [], heights: [], pointer: null, done: false}
  byId('measuring').hidden = false
  byId('measured').removeAttribute('hidden')
  tell()
  draw()
  city.view.getCanvas().focus({preventScroll: true})
}

export function stopMeasuring() {
  now = null
  if (byId('measuring').contains(document.activeElement)) byId('select').focus()
  byId('measuring').hidden = true
  byId('measured').setAttribute('hidden', '')
}

addEventListener('city-drawn', () => now && draw())
addEventListener('city-click', event => now && event.preventDefault()) // nothing is selected while measuring
let pressed = [0, 0]
byId('view').addEventListener('pointerdown', event => (pressed = pixelOf(event)), true)
byId('view').addEventListener('click', event => {
  const pixel = pixelOf(event)
  if (now && apart(pressed, pixel) < NEAR) add(pixel) // else the city was dragged
})
document.addEventListener('keydown', event => {
  if (!now || event.target.closest('button, input, a, dialog')) return
  if (event.key === 'Enter') add([byId('view').clientWidth / 2, byId('view').clientHeight / 2])
  if (event.key === 'e' || event.key === 'E') finish()
  if (event.key === 'Backspace') takeBack()
})
byId('view').addEventListener('pointermove', event => {
  if (!now || now.done || now.tool === 'height' || event.buttons || now.places.length === 0) return
  now.pointer = groundUnder(now.city.view, pixelOf(event))
  tell()
  draw()
})
byId('measure-done').onclick = () => finish()
byId('measure-again').onclick = () => now && startMeasuring(now.city, now.tool)

function pixelOf({clientX, clientY}) {
  const {left, top} = byId('view').getBoundingClientRect()
  return [clientX - left, clientY - top]
}

function add(pixel) {
  if (now.done || (now.tool === 'height' && now.places.length === 2)) Object.assign(now, {places: [], heights: [], done: false})
  const last = now.places.at(-1)
  if (last && apart(onScreen(last), pixel) < NEAR) return now.tool !== 'height' && finish() // as a double click does
  const {view} = now.city
  const surface = view.pickObject({x: pixel[0], y: pixel[1], unproject3D: true})?.coordinate
  const place = surface?.length === 3 ? surface : groundUnder(view, pixel)
  now.places.push(place)
  now.pointer = null
  if (now.tool === 'height') askHeight(now, place)
  tell(true)
  draw()
}

function takeBack() {
  now.places.pop()
  now.heights.length = Math.min(now.heights.length, now.places.length)
  Object.assign(now, {pointer: null, done: false})
  tell(true)
  draw()
}

function finish() {
  if (!now || now.places.length < 2) return
  Object.assign(now, {done: true, pointer: null})
  const hadFocus = document.activeElement === byId('measure-done')
  tell(true)
  if (hadFocus) byId('measure-again').focus()
  draw()
}

async function askHeight(measured, [longitude, latitude]) {
  const index = measured.places.length - 1
  const {scene} = measured.city
  const asked = new URLSearchParams({longitude, latitude, scenario: scene.scenario, lang: scene.language})
  try {
    const response = await fetch(`/api/height?${asked}`)
    measured.heights[index] = response.ok ? await response.json() : {failed: true}
  } catch {
    measured.heights[index] = {failed: true}
  }
  if (now === measured) tell(true)
}

/** said: also to those who listen rather than look. */
function tell(said = false) {
  const rows = now.tool === 'height' ? heightRows() : figureRows()
  byId('figures').replaceChildren(...rows.flatMap(([title, text, note]) => {
    const [term, value] = [document.createElement('dt'), document.createElement('dd')]
    term.textContent = title
    value.textContent = text
    if (note) value.append(Object.assign(document.createElement('small'), {textContent: note}))
    return [term, value]
  }))
  const {words} = now.city.scene
  byId('measure-how').textContent = words[now.tool === 'height' ? 'how-to-height' : 'how-to-measure']
  byId('measure-done').hidden = now.tool === 'height' || now.done || now.places.length < 2
  byId('measure-again').hidden = now.places.length === 0
  offerFigures(byId('measure-figures'))
  if (said) byId('measure-said').textContent = rows.map(([title, text]) => `${title} ${text}`).join(', ')
}

/** What a plan means on the area that was drawn. link: there where the scenario belongs to a project. */
function offerFigures(link) {
  if (!link) return
  const {tool, done, places} = now
  link.hidden = tool !== 'area' || !done || places.length < 3 || crossesItself(places)
  const ring = [...places, places[0]].map(place => place && `${place[0].toFixed(7)} ${place[1].toFixed(7)}`)
  link.href = link.dataset.to + encodeURIComponent(`POLYGON((${ring.join(',')}))`)
}

const drawnPlaces = () => (now.pointer ? [...now.places, now.pointer] : now.places)

function figureRows() {
  const {words, language} = now.city.scene
  const places = drawnPlaces()
  if (places.length < 2) return []
  if (now.tool === 'length') {
    const rows = [[words.length, length(lengthOf(places), language), words['on-ellipsoid']]]
    if (places.length > 2) rows.push([words['last-leg'], length(distance(places.at(-2), places.at(-1)), language)])
    return rows
  }
  const around = length(lengthOf([...places, places[0]]), language)
  if (places.length < 3) return [[words.length, length(lengthOf(places), language)]]
  if (crossesItself(places)) return [[words.area, '–', words['crosses-itself']], [words.perimeter, around]]
  return [[words.area, area(areaOf(places), language), words['on-ellipsoid']], [words.perimeter, around]]
}

function heightRows() {
  const {words, language} = now.city.scene
  const rows = now.heights.filter(Boolean).flatMap((found, i) => oneHeight(found, i, words, language))
  const [one, other] = now.heights
  if (!one || !other || one.failed || other.failed) return rows
  const top = found => found.roof?.height ?? found.ground
  const known = top(one) !== null && top(other) !== null
  const difference = known ? top(other) - top(one) : (other.roof?.above ?? 0) - (one.roof?.above ?? 0)
  rows.push([words.difference, metres(difference, language, 'always')])
  rows.push([words.apart, length(distance(...now.places), language)])
  return rows
}

function oneHeight(found, i, words, language) {
  const number = now.places.length > 1 ? `${i + 1}: ` : ''
  if (found.failed) return [[number + words['ground-height'], '–', words['height-failed']]]
  const level = value => (value === null ? words.unknown : `${metres(value, language).replace(/ m$/, '')} ${words['sea-level']}`)
  const rows = [[number + words['ground-height'], level(found.ground)]]
  if (!found.roof) return rows
  const {roof} = found
  const title = words[roof.surveyed ? 'roof-height' : 'highest-point']
  if (roof.height !== null) rows.push([number + title, level(roof.height), words[roof.surveyed ? 'from-survey' : 'from-height']])
  rows.push([number + words['above-ground'], metres(roof.above, language), roof.title])
  return rows
}

const apart = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1])
const onScreen = place => now.city.view.getViewports()[0].project([place[0], place[1], place[2] ?? 0])
const isSeen = ([x, y, depth]) => Number.isFinite(x + y) && Math.abs(depth) <= 1 && Math.abs(x) + Math.abs(y) < 2e4

/** The points and lines float over the picture: they are seen behind a house too, and cost the 3D view nothing. */
function draw() {
  const picture = byId('measured')
  const spots = drawnPlaces().map(onScreen).filter(isSeen)
  const points = spots.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
  const parts = []
  if (spots.length > 1) {
    const shape = now.tool === 'area' && spots.length > 2 ? 'polygon' : 'polyline'
    parts.push(element(shape, {points, class: 'halo'}), element(shape, {points, class: now.tool}))
  }
  spots.forEach(([x, y], i) => parts.push(element('circle', {cx: x, cy: y, r: i < now.places.length ? 5 : 3.5})))
  const {width, height} = byId('view').getBoundingClientRect()
  const cross = `M${width / 2 - 10} ${height / 2}h20M${width / 2} ${height / 2 - 10}v20`
  if (!now.done) parts.push(element('path', {class: 'halo', d: cross}), element('path', {class: 'cross', d: cross}))
  picture.replaceChildren(...parts)
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}
