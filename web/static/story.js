// A walk of viewpoints: one at a time beside its text, and the camera flies from each to the next.

import {asked, remember} from './address.js'
import {framed} from './framed.js'
import {WebGL} from './graphics.js'

const byId = id => document.getElementById(id)
const stops = [...document.querySelectorAll('.stop')]
const stage = byId('stage')
const KEYS = {ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: -Infinity, End: Infinity}
const FLIGHT = 2400 // milliseconds
const MOST = 3 // cities that are kept open: one for each scenario, those that were seen last
const SWIPE = 50 // pixels
const cities = new Map() // address -> {frame, tell, show}
let now = -1
let last = null // where the camera is

function start() {
  stage.hidden = byId('steps').hidden = false
  document.body.classList.add('presented')
  byId('step-back').onclick = () => go(now - 1)
  byId('step-on').onclick = () => go(now + 1)
  byId('whole-screen').hidden = !document.fullscreenEnabled
  byId('whole-screen').onclick = () =>
    (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {})
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('summary, input, select')) return
    if (turn(event.key)) event.preventDefault()
  })
  addEventListener('hashchange', () => go(wanted()))
  swipe(byId('walk'))
  go(wanted())
}

const wanted = () => (Number(asked('stop')) || 1) - 1

/** Returns whether the key has a meaning here. */
function turn(key) {
  if (key === 'Escape') byId('end-story').click()
  if (!(key in KEYS)) return false
  go(now + KEYS[key])
  return true
}

function go(number) {
  const to = Math.min(Math.max(number, 0), stops.length - 1)
  if (to === now || Number.isNaN(to)) return
  now = to
  remember('stop', now + 1)
  stops.forEach((stop, i) => (stop.hidden = i !== now))
  byId('step-back').disabled = now === 0
  byId('step-on').disabled = now === stops.length - 1
  byId('steps-told').textContent = byId('content').dataset.told.replace('{n}', now + 1).replace('{all}', stops.length)
  byId('walk').scrollTop = 0
  const city = cityOf(stops[now])
  if (city.isDrawn) enter(city)
}

/** The city that a stop shows; one that is not open yet begins where the camera is now. */
function cityOf({dataset}) {
  const address = dataset.frame
  const found = cities.get(address) ?? open(dataset)
  cities.delete(address)
  cities.set(address, found) // the last one is the newest
  for (const [old, {frame}] of [...cities].slice(0, -MOST)) {
    frame.remove()
    cities.delete(old)
  }
  return found
}

function open({frame: address, title, view}) {
  const frame = stage.appendChild(document.createElement('iframe'))
  Object.assign(frame, {title, tabIndex: -1})
  frame.dataset.src = address
  const city = framed(frame, message => heard(city, message))
  const rest = new URLSearchParams(view)
  const camera = last ?? cameraOf(view)
  rest.delete('camera')
  city.show(camera, `&${rest}`)
  return city
}

function heard(city, {camera, drawn, key}) {
  if (key) turn(key)
  if (camera && city.frame.classList.contains('front')) last = camera
  if (!drawn) return
  city.isDrawn = true
  if (cities.get(stops[now].dataset.frame) !== city) return
  enter(city)
  if (stops[now + 1]) cityOf(stops[now + 1]) // it is there when it is wanted
  cityOf(stops[now])
}

/** Takes the place of the one that was shown, looking the same way, and flies from there. */
function enter(city) {
  const {view} = stops[now].dataset
  if (last && !city.frame.classList.contains('front')) city.tell({follow: last})
  for (const {frame} of cities.values()) {
    frame.classList.toggle('front', frame === city.frame)
    frame.tabIndex = frame === city.frame ? 0 : -1
  }
  city.tell({view, camera: cameraOf(view), duration: FLIGHT})
  last = cameraOf(view) ?? last
  stage.dataset.stop = now + 1
}

function cameraOf(view) {
  const text = new URLSearchParams(view).get('camera')
  if (!text) return null
  const [longitude, latitude, zoom, pitch, bearing] = text.split(',').map(Number)
  const across = Math.min(stage.clientWidth, stage.clientHeight * 1.6) // views are kept on wide screens
  return {longitude, latitude, zoom: zoom + Math.min(0, Math.log2(across / 1200)), pitch, bearing}
}

function swipe(area) {
  let from = null
  area.addEventListener('pointerdown', ({pointerType, clientX}) => (from = pointerType === 'mouse' ? null : clientX))
  area.addEventListener('pointerup', ({clientX}) => {
    if (from !== null && Math.abs(clientX - from) > SWIPE) go(now + (clientX < from ? 1 : -1))
    from = null
  })
}

if (WebGL && stops.length) start()
