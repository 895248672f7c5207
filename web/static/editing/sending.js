// Brings edits to the server, one after the other, and keeps them until it has answered.

import {drop, keep, waitingOf} from './waiting.js'

const PAUSE = 4000 // milliseconds between attempts
let planner // {scenario, person, api} as the page has it
let told // {conflict, login, sent, refused, waiting}: who is told what
let running = null
const ownVersions = new Map() // key -> {version, at}: who edited on before the answer was there had seen it

/** conflict and login answer with a promise: what the person decided, and that they are known again. */
export function wireSending(wired, listeners) {
  planner = wired
  told = listeners
  addEventListener('online', flush)
  setInterval(flush, PAUSE)
  flush()
}

/** One feature's new state; fields: those that change. A new thing has a uid of its own and was never seen. */
export const place = ({layer, uid, geometry = null, fields, what, seen = null}) => send({
  method: 'PUT', path: pathOf(layer, uid), keys: [`${layer}/${uid}`],
  body: {type: 'Feature', geometry, properties: fields, what, seen},
})

export const clear = ({layer, uid, seen}) => send({
  method: 'DELETE', path: pathOf(layer, uid), keys: [`${layer}/${uid}`], body: {seen}, asks: true})

export const restore = ({layer, uid, seen}) => send({
  method: 'POST', path: `${pathOf(layer, uid)}/restore`, keys: [`${layer}/${uid}`], body: {seen}, asks: true})

/** A verb on several features, which the server works out. */
export const several = (verb, body) => send({method: 'POST', path: `/do/${verb}`, keys: [], verb, body})

export const newUid = () => crypto.randomUUID().replaceAll('-', '').slice(0, 12)

const pathOf = (layer, uid) => `/${encodeURIComponent(layer)}/${uid.split('/').map(encodeURIComponent).join('/')}`

async function send(edit) {
  await keep({...edit, scenario: planner.scenario, person: planner.person, at: Date.now()})
  return flush()
}

export const waiting = () => waitingOf(planner)

/** Sends what waits. Of calls that meet, the later ones wait for the first, then look again. */
export async function flush() {
  while (running) await running
  running = sendAll().finally(() => (running = null))
  return running
}

async function sendAll() {
  for (let [edit] = await waiting(); edit; [edit] = await waiting()) {
    const goesOn = await attempt(edit)
    if (!goesOn) break
  }
  told.waiting(await waiting())
}

/** False where the rest has to wait too. */
async function attempt(kept) {
  const own = ownVersions.get(kept.keys[0])
  const edit = own && kept.at <= own.at ? {...kept, body: {...kept.body, seen: own.version}} : kept
  const answered = await ask(edit).catch(() => null)
  if (!answered) return false
  const {status, answer} = answered
  if (status < 300) return settled(edit, answer)
  if (status === 401) return told.login()
  if (status === 409) return decided(edit, answer)
  if (status >= 500 || status === 429) return false
  await drop(edit)
  told.refused(edit, answer.error)
  return true
}

async function settled(edit, answer) {
  await drop(edit)
  if (edit.keys.length === 1 && answer.version) ownVersions.set(edit.keys[0], {version: answer.version, at: Date.now()})
  told.sent(edit, answer)
  return true
}

/** An answer that was lost on its way makes the second attempt late: the same state is no quarrel. */
async function decided(edit, answer) {
  const {theirs} = answer
  if (isDone(edit, theirs)) return settled(edit, theirs ?? {})
  const choice = await told.conflict(edit, answer)
  if (choice === 'mine') await keep({...edit, body: {...edit.body, seen: theirs?.version ?? null}})
  else {
    await drop(edit)
    told.refused(edit, null)
  }
  return true
}

function isDone({method, body}, theirs) {
  if (method === 'DELETE') return !theirs?.geometry
  if (method !== 'PUT' || !theirs?.geometry) return false
  const isThere = !body.geometry || near(body.geometry.coordinates, theirs.geometry.coordinates)
  const fields = Object.entries(body.properties).filter(([name]) => name !== 'form')
  return isThere && fields.every(([name, value]) => theirs.properties[name] === value)
}

/** The same place to a millimetre, or the same list of places. */
const near = (a, b) =>
  Array.isArray(a) ? a.length === b?.length && a.every((part, i) => near(part, b[i])) : Math.abs(a - b) < 1e-8

/** asks: the version that was seen stands in the address. */
async function ask({method, path, body, asks}) {
  const query = asks ? `?seen=${body.seen}` : ''
  const response = await fetch(planner.api + path + query, {
    method,
    headers: {'Content-Type': 'application/json', Accept: 'application/json'},
    body: asks ? undefined : JSON.stringify(body),
  })
  return {status: response.status, answer: await response.json().catch(() => ({}))}
}

/** Undo, redo, return: asked at once, for they are about what the server knows. */
export async function command(path, body = {}) {
  const answered = await ask({method: 'POST', path, body}).catch(() => null)
  if (answered?.status === 401 && (await told.login())) return command(path, body)
  return answered ?? {status: 0, answer: {}}
}
