// Tells of the feature that was clicked: its fields, their units, its source.

const byId = id => document.getElementById(id)
const panel = byId('inspector')

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

/** What lies on the ground is painted, so the server is asked what is there. */
export async function inspectGround(scene, [longitude, latitude], layers) {
  const asked = new URLSearchParams({longitude, latitude, layers: layers.join(','), lang: scene.language})
  const response = await fetch(`${scene.at}?${asked}`)
  if (!response.ok) return show(paragraph(scene.words.failed))
  const [top] = await response.json()
  return top ? inspect(scene, top) : show(paragraph(scene.words['nothing-here']))
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
