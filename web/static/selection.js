// Many features at once: clicked together, within a rectangle, by a filter or in the table; what they sum up to.

import {asked, remember} from './address.js'
import {flyTo} from './camera.js'
import {choose} from './emphasis.js'
import {groundUnder} from './ground.js'
import {inspect, pickedAt} from './inspector.js'
import {mark} from './marks.js'
import {outlinesOf, post, sentence} from './outlines.js'
import {seen} from './overview.js'

const byId = id => document.getElementById(id)
const root = document.documentElement
const LONGEST = 3000 // letters of a selection that the address may bear
const DRAGGED = 6 // pixels
const FLAT = new Set(['buildings', 'trees']) // bear the colour of what is selected; all others get an outline
const SLOW = 200 // milliseconds in which clicks are gathered
const panel = byId('selection')
const chosen = new Map() // layer -> Set of uids
let city
let waiting
let turn = 0
let band = null // {from, to}: the rectangle that is drawn

export function wireSelection(wired) {
  city = wired
  addEventListener('city-click', onClick)
  byId('selection-clear').addEventListener('click', () => {
    chosen.clear()
    changed()
    if (!isAtHand()) byId('view').querySelector('canvas')?.focus({preventScroll: true})
  })
  byId('filter-select').addEventListener('click', selectFitting)
  panel.addEventListener('click', onPanel)
  new MutationObserver(showPanel).observe(root, {attributeFilter: ['data-tool']})
  new MutationObserver(checkRows).observe(byId('drawer-rows'), {childList: true})
  byId('drawer-rows').addEventListener('change', ({target}) => target.matches('.pick') && toggle(featureOf(target)))
  wireBand()
  for (const one of (asked('chosen') ?? '').split(',').filter(Boolean)) put(...one.split('/').map(decoded))
  if (chosen.size) changed()
}

const isAtHand = () => root.dataset.tool === 'many'
const count = () => [...chosen.values()].reduce((sum, uids) => sum + uids.size, 0)
const plain = () => Object.fromEntries([...chosen].map(([layer, uids]) => [layer, [...uids]]))
const layersWanted = () => (byId('select-in').value ? [byId('select-in').value] : city.shown())

function decoded(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return '' // a link that was cut off
  }
}

function put(layer, uid) {
  if (!uid) return
  if (!chosen.has(layer)) chosen.set(layer, new Set())
  chosen.get(layer).add(uid)
}

function toggle({layer, uid}) {
  if (!chosen.get(layer)?.delete(uid)) put(layer, uid)
  else if (chosen.get(layer).size === 0) chosen.delete(layer)
  changed()
}

/** found: layer -> uids. */
function add(found) {
  for (const [layer, uids] of Object.entries(found)) uids.forEach(uid => put(layer, uid))
  changed()
}

function changed() {
  choose(chosen)
  city.redraw()
  checkRows()
  const text = [...chosen].flatMap(([layer, uids]) => [...uids].map(uid => `${layer}/${encodeURIComponent(uid)}`)).join(',')
  remember('chosen', text && text.length <= LONGEST ? text : null)
  byId('selection-unlinked').hidden = text.length <= LONGEST
  byId('selection-count').textContent = count().toLocaleString(city.scene.language)
  byId('selection-clear').hidden = count() === 0
  showPanel()
  clearTimeout(waiting)
  waiting = setTimeout(tell, SLOW)
}

async function tell() {
  const mine = ++turn
  say('')
  if (!count()) {
    byId('selection-told').replaceChildren()
    return mark('chosen', [])
  }
  const flat = Object.fromEntries(Object.entries(plain()).filter(([layer]) => !FLAT.has(layer)))
  const drawn = Object.keys(flat).length ? outlinesOf(city.scene, flat) : []
  try {
    const answer = await post(`${city.scene.selection}?lang=${city.scene.language}`, plain())
    const told = new DOMParser().parseFromString(await answer.text(), 'text/html')
    if (mine === turn) byId('selection-told').replaceChildren(...told.body.children)
  } catch {
    if (mine === turn) say(city.scene.words['selection-failed'])
  }
  const outlines = await drawn
  if (mine === turn) mark('chosen', outlines)
}

function say(text) {
  byId('selection-state').textContent = text
  if (text) panel.hidden = false
}

function showPanel() {
  panel.hidden = !isAtHand() && count() === 0
  byId('selection-how').hidden = !isAtHand()
  byId('select-in-label').hidden = !isAtHand() || matchMedia('(hover: none)').matches
}

async function onClick(event) {
  const {view, info, adds} = event.detail
  if (event.defaultPrevented || !(adds || isAtHand())) return
  event.preventDefault()
  const found = await pickedAt(city.scene, view, info, city.shown()).catch(() => null)
  if (found) toggle(found)
  else say(city.scene.words['selection-empty'])
}

function onPanel(event) {
  const row = event.target.closest('li')
  if (!row) return
  const feature = {layer: row.closest('[data-layer]').dataset.layer, uid: row.dataset.uid}
  if (event.target.closest('.remove')) toggle(feature)
  const link = event.target.closest('a')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const [longitude, latitude] = (link.dataset.place ?? '').split(',').map(Number)
  if (latitude) flyTo({longitude, latitude})
  inspect(city.scene, feature)
}

async function selectFitting() {
  const [layer, questions] = (asked('filter') ?? '').split('?')
  if (!layer) return
  await answered(fetch(`${city.scene.fitting.replace('LAYER', encodeURIComponent(layer))}?${questions}&lang=${city.scene.language}`))
}

/** The answer's features, or the sentence that says why there are none. */
async function answered(asking) {
  try {
    const response = await asking
    if (!response.ok) return say(await sentence(response))
    const found = await response.json()
    if (!Object.values(found).some(uids => uids.length)) return say(city.scene.words['selection-empty'])
    add(found)
  } catch (error) {
    say(error.message && !(error instanceof TypeError) ? error.message : city.scene.words['selection-failed'])
  }
}

const featureOf = box => ({layer: box.closest('[data-layer]').dataset.layer, uid: box.dataset.uid})

function checkRows() {
  for (const box of byId('drawer-rows').querySelectorAll('.pick')) {
    const {layer, uid} = featureOf(box)
    box.checked = Boolean(chosen.get(layer)?.has(uid))
  }
}

/** A rectangle with the mouse; fingers move the city and tap. */
function wireBand() {
  const view = byId('view')
  const spot = ({clientX, clientY}) => {
    const {left, top} = view.getBoundingClientRect()
    return [clientX - left, clientY - top]
  }
  view.addEventListener('pointerdown', event => {
    if (isAtHand() && event.pointerType !== 'touch' && event.button === 0) band = {from: spot(event), to: spot(event)}
  }, true)
  addEventListener('pointermove', event => {
    if (!band) return
    band.to = spot(event)
    drawBand()
  })
  addEventListener('pointerup', () => {
    if (band && size() > DRAGGED) selectWithin(corners())
    band = null
    drawBand()
  })
  addEventListener('pointercancel', () => {
    band = null
    drawBand()
  })
}

const size = () => Math.hypot(band.to[0] - band.from[0], band.to[1] - band.from[1])

function corners() {
  const {from: [x, y], to: [right, bottom]} = band
  return [[x, y], [right, y], [right, bottom], [x, bottom]]
}

function drawBand() {
  const box = byId('band')
  box.hidden = !band || size() <= DRAGGED
  if (box.hidden) return
  const {from, to} = band
  box.style.left = `${Math.min(from[0], to[0])}px`
  box.style.top = `${Math.min(from[1], to[1])}px`
  box.style.width = `${Math.abs(to[0] - from[0])}px`
  box.style.height = `${Math.abs(to[1] - from[1])}px`
}

function selectWithin(pixels) {
  const viewport = city.view.getViewports()[0]
  const outline = pixels.map(([x, y]) => {
    const there = viewport.project(seen(viewport, x, y)) // below the horizon
    return groundUnder(city.view, [there[0], there[1]]).slice(0, 2)
  })
  return answered(post(`${city.scene.within}?lang=${city.scene.language}`, {outline, layers: layersWanted()}))
}
