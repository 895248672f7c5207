// Tells of the feature that was clicked: its fields, their units, its source.

import {ask, whenBack} from './states.js'

const byId = id => document.getElementById(id)
const panel = byId('inspector')
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

/** What lies on the ground is painted, so the server is asked what is there. */
export async function inspectGround(scene, [longitude, latitude], layers) {
  const asked = new URLSearchParams({longitude, latitude, layers: layers.join(','), lang: scene.language})
  const response = await ask(`${scene.at}?${asked}`)
  if (!response?.ok) return show(paragraph(scene.words.unanswered))
  const [top] = await response.json()
  return top ? inspect(scene, top) : show(paragraph(scene.words['nothing-here']))
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
  if (from.matches(':focus-visible')) panel.focus({preventScroll: true}) // who came by keyboard goes on in the panel
}

function paragraph(text) {
  const element = document.createElement('p')
  element.textContent = text
  return element
}

byId('close').addEventListener('click', close)
document.addEventListener('keydown', event => event.key === 'Escape' && !panel.hidden && close())
