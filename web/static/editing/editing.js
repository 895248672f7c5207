// The planner's page: what is selected, what is done with it, and what comes back from the server.

import {flyTo} from '../camera.js'
import {groundAt} from '../ground.js'
import {close, inspect} from '../inspector.js'
import {refresh} from '../refresh.js'
import {draw, isDrawing, stopDrawing, wireDrawing} from './drawing.js'
import {ours, wireEvents} from './events.js'
import {heightOf, tellFigures} from './figures.js'
import * as form from './form.js'
import {hold, placeHandles, release} from './handles.js'
import {refreshHistory, wireHistory} from './history.js'
import {drawn, lowest, redrawn} from './layer.js'
import {ModifyMode} from '../bundle/editor.js'
import {paintFigures} from './overlay.js'
import {mapped, middleOf, minus, placesOf, planeAt, polygonsOf} from './plane.js'
import {decide} from './quarrel.js'
import * as sending from './sending.js'
import {loadEdges} from './snapping.js'
import {wireTools} from './toolbar.js'
import {toast} from './toast.js'

const byId = id => document.getElementById(id)
const FORMED_BY = ['storeys', 'storey_height', 'roof_type', 'roof_pitch']
let city
let selected = null // {layer, uid, geometry, seen}: as the server knows it, and what is being made of it

/** wired: {view, scene, redraw, shown} of the page. */
export function wireEditing(wired) {
  city = wired
  const {planner} = city.scene
  document.body.classList.add('planning')
  wireDrawing(city)
  sending.wireSending(planner, {conflict, login, sent, refused, waiting})
  wireEvents(planner, others)
  wireHistory(city, change => command('/return', {change}))
  wireTools(city, {created, planted, copied, command, selectedShape: () => selected?.geometry})
  form.wireForm({
    fields, measures, input: preview, corners,
    clear: () => away('clear'), restore: () => away('restore'), copy: () => byId('copy-tool').click(),
  })
  addEventListener('inspected', ({detail}) => select(detail))
}

/** The form is there: now the shape, for the handles. */
async function select(found) {
  if (selected && found && selected.uid === found.uid && selected.layer === found.layer && !isDrawing()) release()
  release()
  clearBodies()
  selected = null
  if (!found || isDrawing() || !form.formOf()?.editable) return
  const address = `${city.scene.planner.api}/${encodeURIComponent(found.layer)}/${found.uid.split('/').map(encodeURIComponent).join('/')}`
  const response = await fetch(`${address}?geojson`).catch(() => null)
  if (!response?.ok) return
  const {geometry, version} = await response.json()
  selected = {...found, geometry, seen: version}
  form.seen(version)
  grip()
}

function grip() {
  if (!selected?.geometry) return
  drawn.base = lowest(selected.geometry, groundAt)
  const building = form.building(city.scene.planner)
  const isLarge = placesOf(selected.geometry).length > 400
  if (isLarge) return
  hold(
    {geometry: selected.geometry, ...(building && {...building, height: heightOf(selected.geometry, building)})},
    {change: handled, done: handledTo},
  )
}

/** What a handle does, shown at once. */
function handled({geometry, storeys}) {
  if (geometry) selected.geometry = geometry
  if (storeys !== undefined) form.set('storeys', storeys)
  const building = form.building(city.scene.planner)
  if (!selected.moving) selected.moving = true
  preview()
  hold(
    {geometry: selected.geometry, ...(building && {...building, height: heightOf(selected.geometry, building)})},
    {change: handled, done: handledTo},
  )
}

function preview() {
  if (!selected?.geometry) return
  const building = form.building(city.scene.planner)
  const {geometry} = selected
  drawn.bodies = building && polygonsOf(geometry).length ? [{geometry, height: heightOf(geometry, building)}] : []
  if (!drawn.bodies.length) showOutline(geometry)
  redrawn()
  paintFigures(geometry, city.scene.language)
  tellFigures(city.scene, geometry, building)
}

/** What has no body is shown flat while it moves. */
const showOutline = geometry => (drawn.bodies = [{geometry, height: 0.2}])

function handledTo(kind) {
  if (!selected?.moving) return
  selected.moving = false
  tellFigures(city.scene, null)
  paintFigures(null)
  if (kind === 'pull') return save({fields: builtFields(['storeys']), what: 'pull'})
  const fields = kind === 'scale' ? builtFields([]) : {}
  save({geometry: selected.geometry, fields, what: kind})
}

/** A building's form follows from its outline and these fields: the server builds it anew. */
function builtFields(names) {
  const fields = form.values(names)
  const building = form.building(city.scene.planner)
  if (!building) return fields
  return {...fields, form: formFrom(building)}
}

function formFrom({storeys, storeyHeight, roof, pitch}) {
  const name = city.scene.planner.roofs[roof] ?? 'flat'
  return {storeys, storey_height: storeyHeight, roof: name, pitch: name === 'flat' ? null : pitch || null}
}

function fields(names) {
  if (!selected) return
  const isForm = !names || names.some(name => FORMED_BY.includes(name))
  preview()
  grip()
  save({fields: isForm ? builtFields(names) : form.values(names), what: 'fields'})
}

/** Numbers are reckoned on the server, in the city's own metres. */
async function measures() {
  if (!selected) return
  const {layer, uid} = selected
  const asked = new URLSearchParams(form.measures())
  const response = await fetch(`${city.scene.planner.measures.replace('LAYER', layer).replace('UID', uid)}?${asked}`)
  const answer = await response.json()
  if (!response.ok) return toast(answer.message, 'bad')
  selected.geometry = answer.geometry
  grip()
  preview()
  save({geometry: answer.geometry, fields: builtFields([]), what: answer.scaled ? 'scale' : 'move'})
}

function save({geometry = null, fields: changed, what}) {
  const {layer, uid, seen} = selected
  return sending.place({layer, uid, geometry, fields: changed, what, seen})
}

function away(verb) {
  if (!selected && verb === 'clear') return
  const {layer, uid, seen} = selected ?? form.formOf()
  sending[verb]({layer, uid, seen})
}

/** The corners of the selected outline, by editable-layers: drag, click an edge for a new one, click one to remove it. */
function corners() {
  if (!selected || drawn.mode) return endCorners()
  release()
  Object.assign(drawn, {
    mode: new ModifyMode(),
    features: [{type: 'Feature', properties: {}, geometry: selected.geometry}],
    onEdit: ({updatedData, editType}) => {
      drawn.features = updatedData.features
      selected.geometry = updatedData.features[0].geometry
      preview()
      if (['finishMovePosition', 'addPosition', 'removePosition'].includes(editType)) selected.reshaped = true
    },
  })
  document.documentElement.dataset.tool = 'corners'
  byId('corners-button').textContent = city.scene.words['corners-done']
  redrawn()
  city.redraw()
}

function endCorners() {
  if (!drawn.mode || isDrawing()) return
  Object.assign(drawn, {mode: null, features: []})
  delete document.documentElement.dataset.tool
  city.redraw()
  if (selected?.reshaped) save({geometry: selected.geometry, fields: builtFields([]), what: 'corners'})
  clearBodies()
  grip()
}

addEventListener('keydown', event => (event.key === 'Escape' || event.key === 'Enter') && drawn.mode && !isDrawing() && endCorners())

function clearBodies() {
  drawn.bodies = []
  drawn.features = []
  drawn.mode = isDrawing() ? drawn.mode : null
  redrawn()
  paintFigures(null)
  tellFigures(city?.scene ?? {}, null)
}

/** Something new: it is sent, then selected as soon as the server knows it. */
async function created(layer, geometry, given, what = 'draw') {
  const uid = sending.newUid()
  awaited = {layer, uid}
  if (layer === 'buildings') drawn.bodies = [{geometry, height: heightOf(geometry, given.building)}]
  redrawn()
  const fieldsOf = given.building ? {...given.fields, form: formFrom(given.building)} : given.fields ?? {}
  await sending.place({layer, uid, geometry, fields: fieldsOf, what})
}

let awaited = null

const planted = changes => sending.together('plant', changes)

/** The selected building around its own middle, to be set down elsewhere. */
function copied() {
  const building = form.building(city.scene.planner)
  if (!selected?.geometry || !building) return null
  const {flat} = planeAt(placesOf(selected.geometry)[0])
  const middle = middleOf(placesOf(selected.geometry).map(flat))
  const polygons = polygonsOf(mapped(selected.geometry, place => minus(flat(place), middle)))
  return {polygons, building, fields: form.values(['use', 'function', 'dwellings'])}
}

/** The server has it. */
function sent({keys, body}, answer) {
  const changes = answer.changes ?? [answer]
  ours(changes)
  drawAnew(changes).then(settled)
  for (const message of answer.messages ?? []) toast(message)
  form.tell(city.scene.words.saved)
  if (selected && keys.includes(`${selected.layer}/${selected.uid}`)) {
    selected.seen = answer.version
    form.seen(answer.version)
    if (body?.properties?.form || !body?.properties) inspect(city.scene, selected)
  } else if (awaited && keys.includes(`${awaited.layer}/${awaited.uid}`)) {
    inspect(city.scene, awaited)
    awaited = null
  }
  refreshHistory()
  loadEdges(city, true)
}

/** Changes of one layer are drawn at once, however many they are. */
function drawAnew(changes) {
  const layers = Map.groupBy(changes.filter(({bounds}) => bounds), ({layer}) => layer)
  return Promise.all([...layers].map(([layer, those]) => {
    const sides = [0, 1, 2, 3].map(i => those.map(({bounds}) => bounds[i]))
    const bounds = [Math.min(...sides[0]), Math.min(...sides[1]), Math.max(...sides[2]), Math.max(...sides[3])]
    return refresh({layer, bounds, change: Math.max(...those.map(({change}) => change))})
  }))
}

/** Once the tiles show it, the preview goes. */
function settled() {
  if (!selected?.moving && !drawn.mode) clearBodies()
  placeHandles()
}

function refused(edit, sentence) {
  if (sentence) toast(sentence, 'bad')
  const [layer, ...uid] = edit.keys[0].split('/')
  clearBodies()
  if (selected?.layer === layer && selected.uid === uid.join('/')) inspect(city.scene, selected)
}

const conflict = (edit, answer) => decide(city.scene, edit, answer)

/** Answers true when the person says that they are logged in again. */
async function login() {
  const dialog = byId('login-again')
  if (!dialog.open) dialog.showModal()
  await new Promise(closed => dialog.addEventListener('close', closed, {once: true}))
  return true
}

function waiting(edits) {
  const {words} = city.scene
  byId('waiting').hidden = !edits.length
  byId('waiting').textContent = edits.length === 1 ? words['waiting-one'] : words['waiting-more'].replace('{count}', edits.length)
}

const SAID = {'/undo': ['taken-back', 'nothing-to-undo'], '/redo': ['done-again', 'nothing-to-redo'], '/return': ['taken-back']}

async function command(path, body) {
  const {words} = city.scene
  await sending.flush()
  const {status, answer} = await sending.command(path, body)
  if (!status) return toast(words['needs-connection'], 'bad')
  if (status >= 300) return toast(answer.message ?? answer.error, status === 404 ? '' : 'bad')
  toast(words[SAID[path][0]])
  shown(answer.changes)
}

/** Tiles and form show what was changed without a hand on it. */
function shown(changes) {
  ours(changes)
  drawAnew(changes)
  const mine = selected && changes.find(({layer, uid}) => layer === selected.layer && uid === selected.uid)
  if (mine) inspect(city.scene, selected)
  refreshHistory()
  loadEdges(city, true)
}

/** Someone else's change, told by the server. */
function others(change, isMine) {
  const {words, planner} = city.scene
  if (change.scenario !== planner.scenario) return
  const layer = planner.fields[change.layer]?.[''] ?? change.layer
  if (!isMine) toast(words['by-other'].replace('{by}', change.by || words.somebody).replace('{title}', layer))
  drawAnew([change])
  refreshHistory()
  const isHere = selected && change.layer === selected.layer && [selected.uid, null].includes(change.uid)
  if (isHere && !selected.moving && !byId('inspector').contains(document.activeElement)) inspect(city.scene, selected)
}

export {close, flyTo, stopDrawing}
