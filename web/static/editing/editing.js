// The planner's page: what is done in it goes to the server, and what comes from there is shown.

import {inspect} from '../inspector.js'
import {placeHandles} from './handles.js'
import {refresh} from '../refresh.js'
import {wireDesigns} from './designs.js'
import {wireDrawing} from './drawing.js'
import {ours, wireEvents} from './events.js'
import {heightOf} from './figures.js'
import * as form from './form.js'
import {refreshHistory, wireHistory} from './history.js'
import {drawn, redrawn} from './layer.js'
import {tellPlot} from './live.js'
import {planeAt, polygonsOf, turned} from './plane.js'
import {decide} from './quarrel.js'
import {
  answered, bringUpToDate, copied, formFrom, isBusy, isSelected, selection, wipe, wireSelection,
} from './selection.js'
import * as sending from './sending.js'
import {loadEdges} from './snapping.js'
import {toast} from './toast.js'
import {wireTools} from './toolbar.js'
import * as verbs from './verbs.js'

const byId = id => document.getElementById(id)
const SAID = {
  '/undo': ['taken-back', 'nothing-to-undo'],
  '/redo': ['done-again', 'nothing-to-redo'],
  '/return': ['taken-back', ''],
}
let city
let awaited = null // {layer, uid} of something new, selected as soon as the server knows it

/** wired: {view, scene, redraw, shown} of the page. */
export function wireEditing(wired) {
  city = wired
  document.body.classList.add('planning')
  wireDrawing(city)
  wireSelection(city)
  wireTools(city, {created, copied, command})
  verbs.wireVerbs(city)
  wireDesigns(city, {placed: answer => (show(answer.changes), verbs.done())})
  wireHistory(city, change => command('/return', {change}))
  const conflict = (edit, answer) => decide(city.scene, edit, answer)
  sending.wireSending(city.scene.planner, {conflict, login, sent, refused, waiting})
  wireEvents(city.scene.planner, others)
  byId('planner').inert = false
}

function created(layer, geometry, {building, fields = {}}, what = 'draw') {
  const uid = sending.newUid()
  awaited = {layer, uid}
  if (building) drawn.bodies = [{geometry, height: heightOf(geometry, building)}]
  redrawn()
  const all = building ? {...fields, form: formFrom(building, city.scene.planner)} : fields
  return sending.place({layer, uid, geometry, fields: all, what})
}

/** The server has it. */
async function sent({keys, verb}, answer) {
  const changes = answer.changes ?? [answer]
  show(changes)
  if (verb) verbs.done()
  for (const message of answer.messages ?? []) toast(message)
  if (selection() && keys.includes(`${selection().layer}/${selection().uid}`)) {
    answered(answer.version)
    await bringUpToDate()
  } else if (awaited && keys.includes(`${awaited.layer}/${awaited.uid}`)) {
    const made = awaited
    awaited = null
    await inspect(city.scene, made)
  }
  form.tell(city.scene.words.saved)
}

/** Tiles and history follow; once the tiles show it, the preview goes. */
async function show(changes) {
  ours(changes)
  refreshHistory()
  tellPlot(city.scene, changes)
  loadEdges(city, true)
  await drawAnew(changes)
  if (!isBusy()) wipe()
  placeHandles()
}

/** Changes of one layer are drawn at once, however many they are. */
function drawAnew(changes) {
  const byLayer = {}
  for (const one of changes) if (one.bounds) (byLayer[one.layer] ??= []).push(one)
  return Promise.all(Object.entries(byLayer).map(([layer, those]) => {
    const side = (i, end) => end(...those.map(({bounds}) => bounds[i]))
    const bounds = [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)]
    return refresh({layer, bounds, change: Math.max(...those.map(({change}) => change))})
  }))
}

/** sentence: null where the person themselves let the edit go. */
function refused({keys, verb}, sentence) {
  if (verb) return verbs.refused(sentence)
  if (sentence) toast(sentence, 'bad')
  wipe()
  if (selection() && keys.includes(`${selection().layer}/${selection().uid}`)) inspect(city.scene, selection())
}

/** Answers true when the person says that they are logged in again. */
async function login() {
  const dialog = byId('login-again')
  dialog.showModal()
  await new Promise(closed => dialog.addEventListener('close', closed, {once: true}))
  return true
}

function waiting(edits) {
  const {words} = city.scene
  byId('waiting').hidden = !edits.length
  drawn.kept = edits.filter(({body}) => body.geometry).map(keptBody).filter(({geometry}) => polygonsOf(geometry).length)
  redrawn()
  const many = words['waiting-more'].replace('{count}', edits.length)
  byId('waiting').textContent = edits.length === 1 ? words['waiting-one'] : many
}

/** How something waits on the map: a building as high as it will be, a tree as its crown, all else flat. */
function keptBody({body: {geometry, properties: {form: built, crown, height}}}) {
  if (geometry.type !== 'Point') return {geometry, height: built ? built.storeys * built.storey_height : 0.2}
  const {round} = planeAt(geometry.coordinates)
  const ring = Array.from({length: 8}, (_, i) => round(turned([(crown ?? 2) / 2, 0], (i * Math.PI) / 4)))
  return {geometry: {type: 'Polygon', coordinates: [[...ring, ring[0]]]}, height: height ?? 2}
}

/** Undo, redo, return. */
async function command(path, body) {
  const {words} = city.scene
  await sending.flush()
  const {status, answer} = await sending.command(path, body)
  if (!status) return toast(words['needs-connection'], 'bad')
  if (status === 404) return toast(words[SAID[path][1]] ?? answer.error)
  if (status >= 300) return toast(answer.error, 'bad')
  toast(words[SAID[path][0]])
  show(answer.changes)
  if (answer.changes.some(({layer, uid}) => isSelected(layer, uid))) bringUpToDate()
}

/** Someone else's change, or one's own in another window. */
function others(change, isMine) {
  const {words, planner} = city.scene
  if (change.scenario !== planner.scenario) return
  const layer = planner.fields[change.layer]?.[''] ?? change.layer
  if (!isMine) toast(words['by-other'].replace('{by}', change.by || words.somebody).replace('{title}', layer))
  drawAnew([change])
  refreshHistory()
  const isHere = selection()?.layer === change.layer && [selection().uid, null].includes(change.uid)
  if (isHere && !isBusy()) bringUpToDate()
}
