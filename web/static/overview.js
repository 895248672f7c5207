// The whole town in a corner, with the part that is in view: a click or a drag there moves the camera.

import {asked, remember} from './address.js'
import {flyTo} from './camera.js'
import {paint} from './painting.js'
import {fetchTile} from './tile.js'

const byId = id => document.getElementById(id)
const PHONE = matchMedia('(max-width: 700px)')
const [WIDE, HIGH] = [208, 156]
const TILES = 9 // at most, of which the small picture is put together
const SHOWN = new Set(['surfaces', 'water', 'blocks', 'streets'])
const FARTHEST = 30000 // metres: what lies beyond is the horizon
const canvas = byId('overview-picture')
let city
let town = null // {west, south, east, north} in shares of the world
let picture = null
let isDragged = false

export function wireOverview(wired) {
  city = wired
  const box = byId('overview-shown')
  const wanted = asked('overview')
  box.checked = wanted ? wanted === 'on' : !PHONE.matches
  box.addEventListener('change', () => {
    remember('overview', box.checked === PHONE.matches ? (box.checked ? 'on' : 'off') : null)
    show()
  })
  byId('overview-hide').addEventListener('click', () => {
    box.click()
    box.focus({preventScroll: true})
  })
  canvas.addEventListener('pointerdown', event => {
    canvas.setPointerCapture(event.pointerId)
    isDragged = true
    go(event)
  })
  canvas.addEventListener('pointermove', event => isDragged && go(event))
  for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => (isDragged = false))
  addEventListener('city-drawn', draw)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => ((picture = null), show()))
  whenIdle(show)
}

/** The first picture of the city comes first. */
function whenIdle(then) {
  if (document.documentElement.dataset.ready) return (window.requestIdleCallback ?? setTimeout)(then)
  addEventListener('city-drawn', () => whenIdle(then), {once: true})
}

async function show() {
  byId('overview').hidden = !byId('overview-shown').checked
  if (byId('overview').hidden) return
  if (picture) return draw()
  picture = await drawTown().catch(() => null) // without it the city is whole all the same
  draw()
}

async function drawTown() {
  const {layers} = JSON.parse(city.scene.deck)
  const land = layers.find(({id}) => id === 'land')
  town = fitted(layers.find(({id}) => id === 'buildings').extent)
  const zoom = zoomFor(town)
  const across = 2 ** zoom
  const whole = Object.assign(document.createElement('canvas'), {width: 2 * WIDE, height: 2 * HIGH})
  const painter = whole.getContext('2d')
  const scale = whole.width / (town.east - town.west)
  const style = getComputedStyle(document.documentElement)
  const tint = style.getPropertyValue('--light-on-land').trim().split(/\s+/).map(Number)
  const size = Math.ceil(scale / across)
  for (const [x, y] of tilesOf(town, across)) {
    const tile = await fetchTile(land.data.replace('{z}', zoom).replace('{x}', x).replace('{y}', y))
    const painted = paint(tile, {size: Math.min(size, 1024), style: land.style, tint, shown: SHOWN})
    painter.drawImage(painted, (x / across - town.west) * scale, (y / across - town.north) * scale, size, size)
  }
  return whole
}

const column = longitude => (longitude + 180) / 360
const row = latitude => (1 - Math.asinh(Math.tan((latitude * Math.PI) / 180)) / Math.PI) / 2

/** The town's bounds, widened to the picture's form. */
function fitted([west, south, east, north]) {
  const [left, right, top, bottom] = [column(west), column(east), row(north), row(south)]
  const wide = 1.08 * Math.max(right - left, ((bottom - top) * WIDE) / HIGH, 1e-5)
  const high = (wide * HIGH) / WIDE
  const [x, y] = [(left + right) / 2, (top + bottom) / 2]
  return {west: x - wide / 2, east: x + wide / 2, north: y - high / 2, south: y + high / 2}
}

function zoomFor(bounds) {
  let zoom = 15
  while (zoom > 9 && tilesOf(bounds, 2 ** zoom).length > TILES) zoom -= 1
  return zoom
}

function tilesOf({west, south, east, north}, across) {
  const found = []
  for (let x = Math.floor(west * across); x <= east * across; x++) {
    for (let y = Math.floor(north * across); y <= south * across; y++) found.push([x, y])
  }
  return found
}

function draw() {
  if (byId('overview').hidden || !picture) return
  const painter = canvas.getContext('2d')
  painter.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const scale = canvas.width / (town.east - town.west)
  const path = new Path2D()
  for (const [longitude, latitude] of inView()) {
    path.lineTo((column(longitude) - town.west) * scale, (row(latitude) - town.north) * scale)
  }
  path.closePath()
  painter.fillStyle = 'rgb(11 110 110 / .2)'
  painter.fill(path)
  painter.lineJoin = 'round'
  for (const [color, width] of [['rgb(255 255 255 / .9)', 7], ['#0b6e6e', 4]]) {
    painter.strokeStyle = color
    painter.lineWidth = width
    painter.stroke(path)
  }
}

/** The corners of the ground that is seen; the horizon is cut off. */
function inView() {
  const viewport = city.view.getViewports()[0]
  const {width, height} = viewport
  return [[0, height], [width, height], [width, 0], [0, 0]].map(([x, y]) => seen(viewport, x, y))
}

export function seen(viewport, x, y) {
  for (let lower = Math.min(y, viewport.height - 1); lower < viewport.height; lower += 6) {
    const place = viewport.unproject([x, lower], {targetZ: 0})
    const [east, north] = [place[0] - viewport.longitude, place[1] - viewport.latitude]
    const metres = Math.hypot(east * Math.cos((viewport.latitude * Math.PI) / 180), north) * 111320
    if (metres < FARTHEST && viewport.project([place[0], place[1], 0])[2] < 1 && Math.abs(viewport.project(place)[1] - lower) < 2) return place
  }
  return [viewport.longitude, viewport.latitude]
}

function go({offsetX, offsetY}) {
  if (!town) return
  const x = town.west + (offsetX / canvas.clientWidth) * (town.east - town.west)
  const y = town.north + (offsetY / canvas.clientHeight) * (town.south - town.north)
  flyTo({longitude: x * 360 - 180, latitude: (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI})
}
