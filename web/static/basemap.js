// Maps of others under the city: chosen in the list of layers, fetched tile by tile, painted onto the land.

import {asked, remember} from './address.js'
import {isSparing} from './graphics.js'
import {evenOut, sun} from './sunlight.js'

const byId = id => document.getElementById(id)
const WORLD = 20037508.342789244 // metres of web mercator from the middle to the edge
const PATIENCE = 20000 // milliseconds
const GATHERED = 150 // milliseconds in which pictures are awaited before the land is painted anew
const size = isSparing ? 512 : 1024
const ENOUGH = 3 // failures, none of them after a success, and a service is left in peace
const pictures = new WeakMap() // content of a tile -> {of, canvas}
const covered = ['surfaces'] // what lies flat over all of the land gives way to a background, unless it says otherwise
let city
let chosen = null // one of web/basemaps.py's
let loads = 0
let waiting
let uncovered = []

/** A layer of the spec with the background that is wanted. */
export const based = spec => (spec.id === 'land' && chosen ? {...spec, backdrop: `${chosen.address} ${loads}`} : spec)

/** The picture under a tile; null where there is none yet. */
export function backdropOf(tile, index) {
  if (!chosen || chosen.failures >= ENOUGH) return null
  const kept = pictures.get(tile)
  if (kept?.of === chosen) return kept.canvas
  const picture = {of: chosen, canvas: null}
  pictures.set(tile, picture)
  load(chosen, tile, index).then(canvas => {
    picture.canvas = canvas
    picture.of.failures = 0
    if (picture.of === chosen) gather()
  }, () => {
    picture.of.failures += 1
    if (picture.of === chosen) tellFailure()
  })
  return null
}

export const attribution = () => chosen?.attribution

export function wireBasemap(wired) {
  city = wired
  const select = byId('background')
  if (!select) return
  select.addEventListener('change', () => choose(select.value))
  byId('background-again').addEventListener('click', () => choose(select.value))
  // Figures that lie on the land are a background of ours, the last one.
  const wanted = city.scene.raster ? String(city.scene.basemaps.length - 1) : (asked('background') ?? '')
  if (/^\d+$/.test(wanted) && city.scene.basemaps[wanted]) {
    select.value = wanted
    choose(wanted)
  }
}

function choose(number) {
  const before = chosen
  chosen = city.scene.basemaps[number] ? {...city.scene.basemaps[number], failures: 0} : null // a new one: what failed is asked anew
  if (!chosen?.own) remember('background', chosen ? number : null)
  if (sun.even !== Boolean(chosen?.own)) evenOut(Boolean(chosen?.own))
  byId('background-failed').hidden = true
  byId('attribution').hidden = !chosen?.attribution
  byId('attribution').textContent = chosen?.attribution ?? ''
  if (Boolean(before) !== Boolean(chosen)) uncover()
  gather()
}

function uncover() {
  const boxes = names => names.map(name => document.querySelector(`.layers input[type=checkbox][name="${name}"]`)).filter(Boolean)
  const changed = chosen ? boxes(chosen.covers ?? covered).filter(box => box.checked) : boxes(uncovered).filter(box => !box.checked)
  uncovered = chosen ? changed.map(box => box.name) : []
  for (const box of changed) box.click()
}

function gather() {
  clearTimeout(waiting)
  waiting = setTimeout(() => {
    loads += 1
    city.redraw()
  }, GATHERED)
}

function tellFailure() {
  byId('background-failed-words').textContent = city.scene.words['background-failed'].replace('{title}', chosen.title)
  byId('background-failed').hidden = false
}

async function load(map, tile, {x, y, z}) {
  const canvas = Object.assign(document.createElement('canvas'), {width: size, height: size})
  const painter = canvas.getContext('2d')
  const parts = map.kind === 'wms' ? [{address: windowOf(map, tile, x, y, z), place: [0, 0, 1]}] : cells(map, x, y, z)
  if (!parts.length) return null
  await Promise.all(parts.map(async ({address, place: [left, top, wide], cut = [0, 0, 1]}) => {
    const image = await picture(address, map.own)
    const [u, v, share] = cut
    painter.drawImage(image, u * image.width, v * image.height, share * image.width, share * image.height,
      left * size, top * size, wide * size, wide * size)
  }))
  return canvas
}

/** One picture of a WMS for the whole tile, in the service's own axes. */
function windowOf(map, tile, x, y, z) {
  const across = (2 * WORLD) / 2 ** z
  const [west, north] = map.degrees
    ? [tile.origin[0] - tile.span[0], tile.origin[1] + tile.span[1]] : [x * across - WORLD, WORLD - y * across]
  const [wide, high] = map.degrees ? tile.span.map(half => 2 * half) : [across, across]
  const values = {west, north, east: west + wide, south: north - high, size}
  return map.address.replace(/\{(west|north|east|south|size)\}/g, (_, name) => values[name])
}

/** The tiles of a service that fill one of ours: twice as fine, or a piece of one where it has none so fine. */
function cells(map, x, y, z) {
  const zoom = Math.min(z + 1, map.max_zoom)
  if (zoom < map.min_zoom) return []
  const named = (i, j) => map.address.replaceAll('{z}', zoom).replaceAll('{x}', i).replaceAll('{y}', j)
  if (zoom <= z) {
    const times = 2 ** (z - zoom)
    const cut = [(x % times) / times, (y % times) / times, 1 / times]
    return [{address: named(Math.floor(x / times), Math.floor(y / times)), place: [0, 0, 1], cut}]
  }
  return [0, 1].flatMap(i => [0, 1].map(j => ({address: named(2 * x + i, 2 * y + j), place: [i / 2, j / 2, 1 / 2]})))
}

/** Services ask who shows their maps: they are told our host, and nothing of the person. */
async function picture(address, isOurs) {
  const response = await fetch(address, {
    credentials: isOurs ? 'same-origin' : 'omit', referrerPolicy: 'strict-origin', signal: AbortSignal.timeout(PATIENCE)})
  const kind = response.headers.get('Content-Type') ?? ''
  if (!response.ok || !kind.startsWith('image/')) throw new Error(`${response.status} ${kind} ${address}`)
  return createImageBitmap(await response.blob())
}
