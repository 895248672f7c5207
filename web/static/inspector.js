// Tells of the feature that was clicked: its fields, their units, its source.

const byId = id => document.getElementById(id)
const panel = byId('inspector')
const BODIES = ['buildings', 'trees'] // these are picked; all other layers are painted on the land or marked with pins

export async function inspect(scene, {layer, uid}) {
  const parts = uid.split('/').map(encodeURIComponent).join('/')
  const path = scene.feature.replace('LAYER', () => encodeURIComponent(layer)).replace('UID', () => parts)
  const response = await fetch(`${path}?part&lang=${scene.language}`)
  if (!response.ok) return show(paragraph(scene.words.failed))
  const told = new DOMParser().parseFromString(await response.text(), 'text/html')
  show(...told.body.childNodes)
  panel.dataset.uid = uid
  dispatchEvent(new CustomEvent('inspected', {detail: {layer, uid}}))
}

/** What deck.gl has picked, else what is painted there, which the server is asked for: {layer, uid}, or null. */
export async function pickedAt(scene, view, info, shown) {
  if (info.object?.uid) return info.object
  const {x, y} = info
  const ground = view.pickObject({x, y, unproject3D: true})?.coordinate ?? info.coordinate
  if (!ground) return null
  const layers = shown.filter(name => !BODIES.includes(name)).join(',')
  const asked = new URLSearchParams({longitude: ground[0], latitude: ground[1], layers, lang: scene.language})
  const response = await fetch(`${scene.at}?${asked}`)
  if (!response.ok) throw new Error(`${response.status} ${scene.at}`)
  const [top] = await response.json()
  return top ?? null
}

export async function inspectPicked(scene, view, info, shown) {
  try {
    const found = await pickedAt(scene, view, info, shown)
    return found ? inspect(scene, found) : show(paragraph(scene.words['nothing-here']))
  } catch {
    return show(paragraph(scene.words.failed))
  }
}

export function close() {
  panel.hidden = true
  delete panel.dataset.uid
  dispatchEvent(new CustomEvent('inspected', {detail: null}))
  byId('view').querySelector('canvas')?.focus({preventScroll: true})
}

function show(...nodes) {
  byId('inspected').replaceChildren(...nodes)
  delete panel.dataset.uid
  panel.hidden = false
  panel.scrollTop = 0
}

function paragraph(text) {
  const element = document.createElement('p')
  element.textContent = text
  return element
}

byId('close').addEventListener('click', close)
document.addEventListener('keydown', event => event.key === 'Escape' && !panel.hidden && close())
