// Tells of the feature that was clicked: its fields, their units, its source.

import {ask, whenBack} from './states.js'

const byId = id => document.getElementById(id)
const panel = byId('inspector')
const BODIES = ['buildings', 'trees'] // these are picked; all other layers are painted on the land or marked with pins
let wanted // what was asked for last
let opener // where the focus goes when the panel closes

export async function inspect(scene, {layer, uid}) {
  const asked = (wanted = `${layer}/${uid}`)
  const parts = uid.split('/').map(encodeURIComponent).join('/')
  const path = scene.feature.replace('LAYER', () => encodeURIComponent(layer)).replace('UID', () => parts)
  const response = await ask(`${path}?part&lang=${scene.language}`)
  if (wanted !== asked) return // something else was clicked meanwhile
  if (!response) {
    whenBack(() => wanted === asked && inspect(scene, {layer, uid}))
    return show(paragraph(scene.words.unanswered))
  }
  const told = new DOMParser().parseFromString(await response.text(), 'text/html')
  show(...told.body.childNodes) // of a feature that is gone the server says so
  if (!response.ok) return
  panel.dataset.uid = uid
  dispatchEvent(new CustomEvent('inspected', {detail: {layer, uid}}))
}

/** What deck.gl has picked, else what is painted there, which the server is asked for: {layer, uid}, or null. */
export async function pickedAt(scene, view, info, shown) {
  return info.object?.uid ? info.object : lyingAt(scene, view, info, shown.filter(name => !BODIES.includes(name)))
}

/** What of these layers lies on the ground at a pixel, as the server knows it: {layer, uid}, or null. */
export async function lyingAt(scene, view, {x, y, coordinate}, layers) {
  const ground = view.pickObject({x, y, unproject3D: true})?.coordinate ?? coordinate
  if (!ground) return null
  const asked = new URLSearchParams({longitude: ground[0], latitude: ground[1], layers: layers.join(','), lang: scene.language})
  const response = await ask(`${scene.at}?${asked}`)
  if (!response?.ok) throw new Error(scene.words.unanswered)
  const [top] = await response.json()
  return top ?? null
}

export async function inspectPicked(scene, view, info, shown) {
  try {
    const found = await pickedAt(scene, view, info, shown)
    return found ? inspect(scene, found) : show(paragraph(scene.words['nothing-here']))
  } catch {
    return show(paragraph(scene.words.unanswered))
  }
}

export function close() {
  const hadFocus = panel.contains(document.activeElement) || document.activeElement === document.body
  panel.hidden = true
  wanted = null
  delete panel.dataset.uid
  dispatchEvent(new CustomEvent('inspected', {detail: null}))
  if (!hadFocus) return
  const there = opener?.checkVisibility() && opener !== document.body ? opener : byId('view').querySelector('canvas')
  there?.focus({preventScroll: true})
}

function show(...nodes) {
  const from = document.activeElement
  if (!panel.contains(from)) opener = from
  byId('inspected').replaceChildren(...nodes)
  delete panel.dataset.uid
  panel.hidden = false
  panel.scrollTop = 0
  // Who came by keyboard goes on in the panel; who moves a thing by its handle goes on with that.
  if (from.matches(':focus-visible:not(.handle)')) panel.focus({preventScroll: true})
}

function paragraph(text) {
  const element = document.createElement('p')
  element.textContent = text
  return element
}

byId('close').addEventListener('click', close)
document.addEventListener('keydown', event => event.key === 'Escape' && !panel.hidden && close())
