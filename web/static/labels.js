// Writes the names of streets, stops and places over the picture, none upon another.

import {asked, remember} from './address.js'
import {motion} from './moving.js'
import {changeIn, isTouched} from './refresh.js'

const byId = id => document.getElementById(id)
const ZOOM = 14 // of the tiles in which names come
const MOST_TILES = 24
const FROM = [12.5, 14.3, 15.4, 15.6, 16.4] // the zoom from which on a label of each rank is written
const UNTIL = {blocks: 17}
const SIZES = [17, 15, 13.5, 13.5, 13]
const MARKED = new Set(['stops', 'facilities']) // these have a pin, and their names stand above it
const tiles = new Map()
let city

export function wireLabels(wired) {
  city = wired
  const box = byId('labels')
  box.checked = asked('labels') !== 'off'
  box.addEventListener('change', () => {
    remember('labels', box.checked ? null : 'off')
    draw()
  })
  addEventListener('city-drawn', draw)
  addEventListener('city-changed', ({detail}) => forget(detail))
  addEventListener('city-picture', ({detail}) => box.checked && write(detail))
  draw()
}

function draw() {
  const canvas = byId('names')
  canvas.style.visibility = motion.is ? 'hidden' : 'visible'
  if (motion.is) return
  const {clientWidth: width, clientHeight: height} = byId('view')
  const ratio = Math.min(devicePixelRatio, 2)
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio)
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio)
  const painter = canvas.getContext('2d')
  painter.setTransform(ratio, 0, 0, ratio, 0, 0)
  painter.clearRect(0, 0, width, height)
  if (byId('labels').checked) write(painter)
}

function write(painter) {
  const viewport = city.view.getViewports()[0]
  if (!viewport || viewport.zoom < FROM[0]) return
  const shown = new Set(city.shown())
  const taken = []
  const style = getComputedStyle(document.documentElement)
  const [ink, halo] = [style.getPropertyValue('--label'), style.getPropertyValue('--label-halo')]
  painter.textAlign = 'center'
  painter.textBaseline = 'middle'
  painter.lineJoin = 'round'
  for (const label of wanted(viewport, shown)) {
    const spot = spotOf(viewport, label)
    if (!spot) continue
    painter.font = `${label.rank === 0 ? 650 : 500} ${SIZES[label.rank]}px "Source Sans 3 Variable", sans-serif`
    const box = boxOf(spot, painter.measureText(label.text).width, SIZES[label.rank])
    if (taken.some(other => overlap(other, box))) continue
    taken.push(box)
    painter.save()
    painter.translate(spot.x, spot.y)
    painter.rotate(spot.angle)
    painter.lineWidth = 3.6
    painter.strokeStyle = halo
    painter.strokeText(label.text, 0, 0)
    painter.fillStyle = ink
    painter.fillText(label.text, 0, 0)
    painter.restore()
  }
}

function wanted(viewport, shown) {
  const labels = tilesIn(viewport).flatMap(key => tiles.get(key) ?? (fetchNames(key), []))
  return labels
    .filter(({layer, rank}) => shown.has(layer) && viewport.zoom >= FROM[rank] && viewport.zoom < (UNTIL[layer] ?? 30))
    .sort((one, other) => one.rank - other.rank)
}

/** Where on the screen; null beyond its edge or behind the eye. */
function spotOf(viewport, {layer, place, along}) {
  const [x, y, depth] = viewport.project(place)
  if (!(Math.abs(depth) < 1) || x < 20 || y < 10 || x > viewport.width - 20 || y > viewport.height - 10) return null
  if (viewport.pitch > 0 && depth > 0.9995) return null
  if (!along) return {x, y: y - (MARKED.has(layer) ? 30 : 0), angle: 0}
  const [x2, y2] = viewport.project([...along, place[2]])
  const angle = Math.atan2(y2 - y, x2 - x)
  return {x, y, angle: Math.abs(angle) > Math.PI / 2 ? angle + Math.PI : angle}
}

function boxOf({x, y, angle}, width, size) {
  const [c, s] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))]
  const [w, h] = [(width * c + size * s) / 2 + 9, (width * s + size * c) / 2 + 7]
  return [x - w, y - h, x + w, y + h]
}

const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]

/** The tiles around the middle of the picture, the nearest first. */
function tilesIn(viewport) {
  const across = 2 ** ZOOM
  const column = longitude => ((longitude + 180) / 360) * across
  const row = latitude => ((1 - Math.asinh(Math.tan((latitude * Math.PI) / 180)) / Math.PI) / 2) * across
  const [west, south, east, north] = viewport.getBounds()
  const [x, y] = [column(viewport.longitude), row(viewport.latitude)]
  const found = []
  for (let i = Math.max(Math.floor(column(west)), Math.floor(x) - 4); i <= Math.min(column(east), x + 4); i++) {
    for (let j = Math.max(Math.floor(row(north)), Math.floor(y) - 4); j <= Math.min(row(south), y + 4); j++) {
      found.push([Math.hypot(i + 0.5 - x, j + 0.5 - y), `${i}/${j}`])
    }
  }
  return found.sort((one, other) => one[0] - other[0]).slice(0, MOST_TILES).map(([, key]) => key)
}

async function fetchNames(key) {
  tiles.set(key, [])
  try {
    const response = await fetch(city.scene.labels.replace('0/0', key) + changeIn('labels', boxOfTile(key)))
    if (response.ok) tiles.set(key, await response.json())
    draw()
  } catch {
    setTimeout(() => tiles.delete(key), 5000) // asked again when the picture next moves
  }
}

function forget(change) {
  for (const key of [...tiles.keys()]) if (isTouched('labels', change, boxOfTile(key))) tiles.delete(key)
}

function boxOfTile(key) {
  const [x, y] = key.split('/').map(Number)
  const longitude = column => (column / 2 ** ZOOM) * 360 - 180
  const latitude = row => (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / 2 ** ZOOM))) * 180) / Math.PI
  return {west: longitude(x), east: longitude(x + 1), north: latitude(y), south: latitude(y + 1)}
}
