// The feature that is selected: its handles and corners, its form, and what it would look like meanwhile.

import {groundAt} from '../ground.js'
import {inspect} from '../inspector.js'
import {ModifyMode} from '../bundle/editor.js'
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
let selected = null // {layer, uid, geometry, seen, isMoving, isReshaped}

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
  addEventListener('keydown', event => ['Escape', 'Enter'].includes(event.key) && isReshaping() && endCorners())
}

export const selection = () => selected
export const isSelected = (layer, uid) => selected?.layer === layer && selected.uid === uid
export const isBusy = () => Boolean(selected?.isMoving || drawn.mode)

/** The form is there: now the shape, for the handles. */
async function select(found) {
  if (isReshaping()) endCorners()
  release()
  wipe()
  selected = null
  if (!found || isDrawing() || !form.formOf()?.editable) return
  const there = await asked(found)
  if (!there) return
  selected = {...found, geometry: there.geometry, seen: there.version}
  ignore(placesOf(there.geometry))
  form.seen(there.version)
  grip()
}

async function asked({layer, uid}) {
  const path = [layer, ...uid.split('/')].map(encodeURIComponent).join('/')
  const response = await fetch(`${city.scene.planner.api}/${path}?geojson`).catch(() => null)
  return response?.ok ? response.json() : null
}

/** The form as the server has it now; where somebody is writing in it, only what they do not write. */
export async function bringUpToDate() {
  if (!document.getElementById('inspector').contains(document.activeElement)) return inspect(city.scene, selected)
  const before = selected
  const there = await asked(before)
  if (!there || selected !== before) return
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

function letGo(kind) {
  if (!selected?.isMoving) return
  selected.isMoving = false
  paintFigures(null)
  tellFigures(city.scene, null)
  if (kind === 'pull') save({fields: built(['storeys']), what: 'pull'})
  else save({geometry: selected.geometry, fields: kind === 'scale' ? built([]) : {}, what: kind})
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
  if (!response.ok) return toast(answer.message, 'bad')
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

const isReshaping = () => drawn.mode instanceof ModifyMode

/** The corners, by editable-layers: drag one, click an edge for a new one, click one to take it away. */
function corners() {
  if (isReshaping()) return endCorners()
  if (!selected || drawn.mode) return
  release()
  Object.assign(drawn, {
    mode: new ModifyMode(),
    features: [{type: 'Feature', properties: {}, geometry: selected.geometry}],
    onEdit({updatedData}) {
      drawn.features = updatedData.features
      selected.geometry = updatedData.features[0].geometry
      selected.isReshaped = true
      preview()
    },
  })
  root.dataset.tool = 'corners'
  form.cornersAre(true, city.scene.words)
  city.redraw()
}

function endCorners() {
  Object.assign(drawn, {mode: null, features: []})
  delete root.dataset.tool
  form.cornersAre(false, city.scene.words)
  city.redraw()
  if (selected.isReshaped) save({geometry: selected.geometry, fields: built([]), what: 'corners'})
  selected.isReshaped = false
  paintFigures(null)
  tellFigures(city.scene, null)
  grip()
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
