// The feature that is selected: its handles, its form, and what it would look like meanwhile.

import {groundAt} from '../ground.js'
import {inspect} from '../inspector.js'
import {editCorners, endCorners, isEditingCorners, renewCorners} from './corners.js'
import {isDrawing} from './drawing.js'
import {heightOf, tellFigures} from './figures.js'
import * as form from './form.js'
import {hold, release} from './handles.js'
import {drawn, lowest, redrawn} from './layer.js'
import {paintFigures} from './overlay.js'
import {mapped, middleOf, minus, placesOf, planeAt, polygonsOf} from './plane.js'
import * as sending from './sending.js'
import {ignore} from './snapping.js'
import {toast} from './toast.js'

const MOST_PLACES = 400 // of an outline that has handles
const FORMED_BY = ['storeys', 'storey_height', 'roof_type', 'roof_pitch']
const root = document.documentElement
let city
let selecting = 0 // grows with each selection: of those that overlap the last one counts
let selected = null // {layer, uid, geometry, seen, isMoving}

export function wireSelection(wired) {
  city = wired
  form.wireForm({
    fields, measures, corners, input: preview,
    clear: () => sending.clear(selected),
    restore: () => sending.restore(selected ?? form.formOf()),
  })
  addEventListener('inspected', ({detail}) => select(detail))
  addEventListener('drawing-ended', grip)
  const {layer, uid} = form.formOf() ?? {} // that the address asked for
  if (uid) select({layer, uid})
}

export const selection = () => selected
export const isSelected = (layer, uid) => selected?.layer === layer && selected.uid === uid
export const isBusy = () => Boolean(selected?.isMoving || drawn.mode)

/** The form is there: now the shape, for the handles. What stays selected keeps them: a hand may be on one. */
async function select(found) {
  const stays = Boolean(found && isSelected(found.layer, found.uid))
  const mine = ++selecting
  if (!stays || !isEditingCorners()) endCorners()
  if (!stays) letLoose()
  if (!found || isDrawing() || !form.formOf()?.editable) return letLoose()
  const there = await asked(found)
  const isUnderway = stays && (await goesOn(found))
  if (mine !== selecting) return
  if (!there) return letLoose()
  if (isUnderway) return answered(there.version) // the answer to what is underway tells more
  wipe()
  selected = {...found, geometry: there.geometry, seen: there.version}
  ignore(placesOf(there.geometry))
  form.seen(there.version)
  if (isEditingCorners()) form.cornersAre(true, city.scene.words)
  grip()
}

function letLoose() {
  release()
  wipe()
  selected = null
}

/** Is a hand on it, or on its way to the server what a hand did? */
async function goesOn({layer, uid}) {
  const waiting = await sending.waiting()
  return selected?.isMoving || waiting.some(({keys}) => keys.includes(`${layer}/${uid}`))
}

async function asked({layer, uid}) {
  const path = [layer, ...uid.split('/')].map(encodeURIComponent).join('/')
  const response = await fetch(`${city.scene.planner.api}/${path}?geojson`).catch(() => null)
  return response?.ok ? response.json() : null
}

/** The form as the server has it now; where somebody is writing in it, only what they do not write. */
export async function bringUpToDate() {
  const isFree = !document.getElementById('inspector').contains(document.activeElement) && !isEditingCorners()
  if (isFree) return inspect(city.scene, selected)
  const before = selected
  const there = await asked(before)
  if (selected !== before) return
  if (!there) return endCorners()
  selected.geometry = there.geometry
  answered(there.version)
  form.fill(there.properties)
  grip()
}

/** The server knows a newer version, which is ours. */
export function answered(version) {
  selected.seen = version
  form.seen(version)
}

function grip() {
  if (!selected?.geometry || placesOf(selected.geometry).length > MOST_PLACES) return
  if (!selected.isMoving) drawn.base = lowest(selected.geometry, groundAt)
  if (isEditingCorners()) return selected.isMoving || renewCorners(selected.geometry)
  const building = form.building(city.scene.planner)
  const {geometry} = selected
  hold({geometry, ...(building && {...building, height: heightOf(geometry, building)})}, {change: handled, done: letGo})
}

/** What a handle does, shown at once. */
function handled({geometry, storeys}) {
  selected.isMoving = true
  if (geometry) selected.geometry = geometry
  if (storeys !== undefined) form.set('storeys', storeys)
  preview()
  grip()
}

/** Corners instead of handles, and back. */
function corners() {
  if (!selected?.geometry) return
  if (isEditingCorners()) {
    endCorners()
    return inspect(city.scene, selected) // its measures are others now
  }
  if (!editCorners(selected.geometry, city.scene.words, {change: reshaped, done: () => letGo('corners')})) {
    return toast(city.scene.words['corners-many'])
  }
  release()
  form.cornersAre(true, city.scene.words)
  toast(city.scene.words['corners-how'])
}

function reshaped(geometry) {
  selected.isMoving = true
  selected.geometry = geometry
  preview()
}

function letGo(kind) {
  if (!selected?.isMoving) return
  selected.isMoving = false
  ignore(placesOf(selected.geometry))
  paintFigures(null)
  tellFigures(city.scene, null)
  if (kind === 'pull') save({fields: built(['storeys']), what: 'pull'})
  else save({geometry: selected.geometry, fields: ['scale', 'corners'].includes(kind) ? built([]) : {}, what: kind})
}

/** As it would stand; what has no body lies flat. */
function preview() {
  if (!selected?.geometry) return
  const building = form.building(city.scene.planner)
  const {geometry} = selected
  drawn.bodies = [{geometry, height: building ? heightOf(geometry, building) : 0.2}]
  redrawn()
  paintFigures(geometry, city.scene.language)
  tellFigures(city.scene, geometry, building)
}

export function wipe() {
  drawn.bodies = []
  redrawn()
  paintFigures(null)
  tellFigures(city.scene, null)
}

/** These fields as they are entered, and what the server builds the house from: it is built anew. */
function built(names) {
  const building = form.building(city.scene.planner)
  return {...form.values(names), ...(building && {form: formFrom(building, city.scene.planner)})}
}

export function formFrom({storeys, storeyHeight, roof, pitch}, {roofs}) {
  const name = roofs[roof] ?? 'flat'
  return {storeys, storey_height: storeyHeight, roof: name, pitch: name === 'flat' ? null : pitch || null}
}

/** names: of the fields that changed, null for all. */
function fields(names) {
  if (!selected) return
  const isForm = !names || names.some(name => FORMED_BY.includes(name))
  preview()
  grip()
  save({fields: isForm ? built(names) : form.values(names), what: 'fields'})
}

/** Numbers are reckoned on the server, in the city's own metres. */
async function measures() {
  if (!selected) return
  const {layer, uid} = selected
  const address = city.scene.planner.measures.replace('LAYER', layer).replace('UID', () => encodeURIComponent(uid))
  const response = await fetch(`${address}?${new URLSearchParams(form.measures())}`).catch(() => null)
  if (!response) return toast(city.scene.words['needs-connection'], 'bad')
  const answer = await response.json()
  if (!response.ok) return toast(answer.error, 'bad')
  selected.geometry = answer.geometry
  grip()
  preview()
  save({geometry: answer.geometry, fields: answer.scaled ? built([]) : {}, what: answer.scaled ? 'scale' : 'move'})
}

function save({geometry = null, fields: changed, what}) {
  const {layer, uid, seen} = selected
  form.tell('')
  sending.place({layer, uid, geometry, fields: changed, what, seen})
}

/** The selected building around its own middle, to be set down elsewhere; null where none is selected. */
export function copied() {
  const building = selected?.geometry && form.building(city.scene.planner)
  if (!building) return null
  const {flat} = planeAt(placesOf(selected.geometry)[0])
  const middle = middleOf(placesOf(selected.geometry).map(flat))
  const polygons = polygonsOf(mapped(selected.geometry, place => minus(flat(place), middle)))
  return {polygons, building, fields: form.values(['use', 'function', 'storey_uses', 'dwellings'])}
}
