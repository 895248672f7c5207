// Entries from the field: kept on this device until the server has taken them, each with an id of its own.

const byId = id => document.getElementById(id)
const form = byId('field')
const state = byId('field-state')
const KEY = 'twin-field-entries'
const EDGE = 1600 // pixels of a photo's longer side
const AGAIN = 8000 // milliseconds
let position = null
let sending = false

const waiting = () => JSON.parse(localStorage.getItem(KEY) ?? '[]')
const store = entries => localStorage.setItem(KEY, JSON.stringify(entries))
const say = (name, values = {}) => (state.textContent = Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), state.dataset[name]))

navigator.serviceWorker?.register(form.dataset.worker, {scope: location.pathname}).catch(() => {})

byId('field-locate').onclick = () => navigator.geolocation.getCurrentPosition(async ({coords}) => {
  position = {longitude: coords.longitude, latitude: coords.latitude}
  say('placed', {m: Math.round(coords.accuracy)})
  await offerBuildings()
}, () => say('noPlace'), {enableHighAccuracy: true, timeout: 20000})

async function offerBuildings() {
  const response = await fetch(`/api/register/buildings?${new URLSearchParams(position)}`).catch(() => null)
  if (!response?.ok) return
  const found = await response.json()
  byId('field-building').replaceChildren(new Option('–', ''), ...found.map(({uid, title}) => new Option(title, uid)))
  if (!found.length) say('noneHere')
}

form.addEventListener('submit', async event => {
  event.preventDefault()
  const fields = {}
  for (const control of form.elements) {
    if (!control.name || control.name === 'building' || control.value === '') continue
    fields[control.name] = control.dataset.kind === 'number' ? Number(control.value) : control.dataset.kind === 'flag' ? control.value === 'yes' : control.value
  }
  const uid = `feld-${crypto.getRandomValues(new Uint32Array(3)).reduce((text, part) => text + part.toString(36), '')}`
  const entry = {uid, fields, ...(position ?? {}), building: form.elements.building.value || null, photo: await photo()}
  store([...waiting(), entry])
  form.reset()
  position = null
  say('kept')
  send()
})

/** Smaller, as JPEG in text; the server makes it anew. */
async function photo() {
  const [file] = byId('field-photo').files
  if (!file) return null
  const picture = await createImageBitmap(file).catch(() => null)
  if (!picture) return null
  const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height))
  const canvas = Object.assign(document.createElement('canvas'), {width: picture.width * scale, height: picture.height * scale})
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas.toDataURL('image/jpeg', 0.8)
}

/** One after the other; what the server refuses stays and is told, so that it can be put right. */
async function send() {
  if (sending) return
  sending = true
  let sent = 0
  let refused = ''
  for (const entry of waiting()) {
    const response = await fetch('/api/register', {
      method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(entry),
    }).catch(() => null)
    if (!response) break
    if (response.ok) {
      sent++
      store(waiting().filter(({uid}) => uid !== entry.uid))
    } else refused = (await response.json().catch(() => ({}))).error ?? String(response.status)
  }
  sending = false
  const left = waiting().length
  if (refused) say('refused', {why: refused})
  else if (left) say('waiting', {n: left})
  else if (sent) say('sent', {n: sent})
}

addEventListener('online', send)
setInterval(() => waiting().length && send(), AGAIN)
if (waiting().length) send()
