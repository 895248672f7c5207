// What the page says of its own state: one sentence at a time, the gravest first, each with a way on.

const byId = id => document.getElementById(id)
const {words} = JSON.parse(byId('scene').textContent)
const GRAVEST_FIRST = ['graphics', 'lost', 'failed', 'away', 'note']
const LONG = 6000 // milliseconds that a note stays
const PAUSES = [1000, 2000, 4000, 8000] // milliseconds until the server is asked again
const told = new Map()
let fading

/** text: '' takes back what was said of this kind. way: {name, act} of a button that leads on. */
export function say(kind, text, way) {
  if (text) told.set(kind, {text, way})
  else told.delete(kind)
  const first = GRAVEST_FIRST.find(one => told.has(one))
  const state = byId('state')
  if (state.dataset.kind === first && state.firstChild?.textContent === told.get(first)?.text) return
  const hadFocus = state.contains(document.activeElement)
  state.replaceChildren(...(first ? parts(told.get(first)) : []))
  if (hadFocus) byId('view').querySelector('canvas')?.focus({preventScroll: true})
  state.dataset.kind = first ?? ''
}

export function sayForAWhile(text) {
  say('note', text)
  clearTimeout(fading)
  fading = setTimeout(() => say('note', ''), LONG)
}

function parts({text, way}) {
  const sentence = Object.assign(document.createElement('span'), {textContent: text})
  if (!way) return [sentence]
  const button = Object.assign(document.createElement('button'), {type: 'button', textContent: way.name, onclick: way.act})
  return [sentence, button]
}

/** Does it once when a lost connection is there again. */
export const whenBack = act => addEventListener('connection-back', act, {once: true})

/** The answer to a question, or null where the server cannot be reached: then the page says so. */
export async function ask(address, options) {
  try {
    return await fetch(address, options)
  } catch (error) {
    if (error.name === 'AbortError') throw error
    lookForServer()
    return null
  }
}

let looking = false

/** Resolves to whether the server answers; if not, it is asked again until it does. */
export async function lookForServer() {
  if (looking) return false
  looking = true
  if (await answers()) {
    looking = false
    return true
  }
  say('lost', words.lost)
  for (let turn = 0; !(await answers()); turn++) await pause(PAUSES[Math.min(turn, PAUSES.length - 1)])
  looking = false
  say('lost', '')
  sayForAWhile(words.back)
  dispatchEvent(new Event('connection-back'))
  return false
}

async function answers() {
  if (!navigator.onLine) return false
  return fetch(byId('state').dataset.ping, {method: 'HEAD', cache: 'no-store'}).then(({ok}) => ok, () => false)
}

const pause = time => new Promise(done => {
  setTimeout(done, time)
  addEventListener('online', done, {once: true})
})

/** redrawFailed: asks anew for the tiles that failed. */
export function wireStates(redrawFailed) {
  const again = () => {
    say('failed', '')
    redrawFailed()
  }
  addEventListener('offline', lookForServer)
  addEventListener('connection-back', again)
  addEventListener('tile-failed', async () => {
    const isTile = await lookForServer()
    if (isTile) say('failed', words.failed, {name: words.again, act: again})
  })
  byId('view').querySelector('canvas').addEventListener('webglcontextlost', () =>
    say('graphics', words['graphics-lost'], {name: words.reload, act: () => location.reload()}))
}

/** bounds: west, south, east, north of the city. Called when the camera rests. */
export function tellWhenAway(viewport, [west, south, east, north]) {
  const [left, bottom, right, top] = viewport.getBounds()
  const isAway = left > east || right < west || bottom > north || top < south
  say('away', isAway ? words.away : '', {name: words.home, act: () => byId('home').click()})
}
