// The citizen's map: what others said as numbered pins, and what is tapped becomes the place of a contribution.

import {pickedAt} from '../inspector.js'
import {ask} from '../states.js'
import {addCorner, begun, drawing, drawShapes, shapes, wireDrawing} from './drawing.js'
import {wireForm} from './form.js'
import {renewList, tellInList, watch} from './news.js'

const byId = id => document.getElementById(id)
const session = JSON.parse(byId('session').textContent)
const scene = JSON.parse(byId('scene').textContent)
const MEANT = ['buildings', 'trees', 'stops', 'streets', 'facilities'] // all else is a spot on the ground
const APART = 30 // pixels between two pins
const talk = byId('talk')
const layer = byId('pins')
let pins = []
let view
let here = null // the place of what is being written
let before = null // what stood in the panel before the form

if (session.camera && !location.hash.includes('camera=')) history.replaceState(null, '', `#${session.camera}`)

addEventListener('city-drawn', ({detail}) => {
  if (!view) begin(detail.view)
  draw()
})
addEventListener('city-click', event => {
  if (!document.body.dataset.pointing) return
  event.preventDefault()
  point(event.detail)
})
addEventListener('inspected', ({detail}) => detail && byId('say') && offer(detail))

function begin(drawn) {
  view = drawn
  byId('content').append(shapes, layer)
  wireSay()
  look()
  watch(session.events, {merge, look})
}

function wireSay() {
  const say = byId('say')
  if (!say) return
  byId('say-without').hidden = false
  byId('say-without').addEventListener('click', event => (event.preventDefault(), write(say.href)))
  say.setAttribute('role', 'button')
  say.addEventListener('click', event => {
    event.preventDefault()
    pointing(!document.body.dataset.pointing)
  })
  wireDrawing({changed: draw, done: corners => finish({drawn: corners})})
}

function pointing(on) {
  document.body.toggleAttribute('data-pointing', on)
  if (on) document.body.dataset.pointing = 'yes'
  byId('kinds').hidden = !on
  byId('say').textContent = session.words[on ? 'p-tap-stop' : 'p-tap']
  begun(on)
  draw()
}

async function point({view, info}) {
  const {x, y} = info
  const ground = view.pickObject({x, y, unproject3D: true})?.coordinate ?? info.coordinate
  if (!ground) return
  if (drawing.kind !== 'point') return addCorner(ground)
  const found = await pickedAt(scene, view, info, MEANT).catch(() => null)
  const asked = {longitude: ground[0].toFixed(6), latitude: ground[1].toFixed(6)}
  if (found && !found.wide) for (const name of ['layer', 'uid']) asked[name] = found[name]
  here = {longitude: ground[0], latitude: ground[1], height: ground[2] ?? 0}
  finish(asked)
}

/** What is meant is set on the map: now the words. */
function finish(asked) {
  pointing(false)
  write(`${session.new}&${new URLSearchParams(asked)}`)
}

/** The form in the panel, so that the city stays in sight. */
async function write(address) {
  const response = await ask(address)
  if (!response) return (location.href = address)
  const form = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('form.kept')
  if (!form) return (location.href = address)
  before ??= [...talk.children]
  talk.replaceChildren(document.adoptNode(form))
  talk.scrollTop = 0
  wireForm(form)
  form.querySelector('a.quiet').addEventListener('click', event => (event.preventDefault(), leave()))
  form.querySelector('textarea').focus({preventScroll: true})
}

function leave() {
  talk.replaceChildren(...before)
  before = here = null
  draw()
}

/** In the panel that tells of a thing: say something about it. */
function offer({layer: name, uid}) {
  if (byId('say-this')) byId('say-this').remove()
  const link = Object.assign(document.createElement('a'), {id: 'say-this', className: 'button'})
  link.href = `${session.new}&${new URLSearchParams({layer: name, uid})}`
  link.textContent = session.words['p-about-this']
  link.addEventListener('click', event => (event.preventDefault(), write(link.href)))
  byId('inspected').prepend(link)
}

/** told: what the server says of a contribution now; a pin where it has a place. */
function merge(told) {
  pins = pins.filter(({number}) => !told.some(one => one.number === number))
  for (const one of told) {
    kept.delete(one.number)
    if (one.longitude !== undefined) pins.push(one)
  }
  arrange()
  if (!before) tellInList(told)
}

async function look() {
  const told = await fetch(session.pins).then(response => (response.ok ? response.json() : null)).catch(() => null)
  if (!told) return
  pins = told.pins
  kept.clear()
  arrange()
  if (told.mark !== byId('said')?.dataset.mark && !before) await renewList(told.mark)
}

function arrange() {
  pins.sort((one, other) => other.agree - one.agree || other.number - one.number)
  draw()
}

function draw() {
  const viewport = view?.getViewports()[0]
  if (!viewport) return
  drawShapes(viewport, pins, drawing.corners, drawing.closed)
  const taken = []
  const nodes = []
  for (const pin of pins) {
    const [x, y, depth] = viewport.project([pin.longitude, pin.latitude, pin.height])
    const isSeen = Math.abs(depth) < 1 && x > 0 && y > 0 && x < viewport.width && y < viewport.height
    if (!isSeen || taken.some(([left, top]) => Math.hypot(left - x, top - y) < APART)) continue
    taken.push([x, y])
    nodes.push(placed(nodeOf(pin), x, y))
  }
  if (here) nodes.push(placed(mark(), ...viewport.project([here.longitude, here.latitude, here.height])))
  if (nodes.some((node, i) => node !== layer.children[i]) || nodes.length !== layer.children.length) {
    layer.replaceChildren(...nodes)
  }
}

const kept = new Map()

function nodeOf(pin) {
  if (kept.has(pin.number)) return kept.get(pin.number)
  const node = Object.assign(document.createElement('button'), {type: 'button', className: 'pin', textContent: pin.number})
  node.ariaLabel = session.words['p-pin'].replace('{n}', pin.number).replace('{title}', () => pin.title)
  node.title = pin.title
  node.addEventListener('click', () => show(pin.number))
  kept.set(pin.number, node)
  return node
}

const mark = () => Object.assign(document.createElement('span'), {className: 'pin here'})

function placed(node, x, y) {
  node.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
  return node
}

/** The contribution in the list; beyond its end, its own page. */
function show(number) {
  const row = byId(`n${number}`)
  if (!row) return (location.href = session.one.replace('/0', `/${number}`))
  for (const other of document.querySelectorAll('.say.on')) other.classList.remove('on')
  row.classList.add('on')
  row.scrollIntoView({block: 'nearest'})
  row.querySelector('a')?.focus({preventScroll: true})
}
