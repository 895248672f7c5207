// Two plans in two frames that look the same way, split or swiped; the list beside them leads to each difference.

import {asked, cameraAsked, layersAsked, remember, rememberCamera, rememberLayers, rememberSun, sunAsked} from './address.js'
import {framed} from './framed.js'
import {WebGL} from './graphics.js'

const byId = id => document.getElementById(id)
const [stage, divider] = [byId('stage'), byId('divider')]
const STEPS = {ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -20, PageUp: 20, Home: -100, End: 100}
const CLOSEST = 18 // zoom
const METRES_PER_PIXEL = 78271.5 // of a tile of 512 pixels at the equator, zoom 0
const modes = [...document.querySelectorAll('#modes input')]
const boxes = [...document.querySelectorAll('#seen-there [type=checkbox]')]
let frames = [] // once they are wanted
let camera = cameraAsked()
let at = Math.min(Math.max(Number(asked('at') ?? 50) || 0, 0), 100) // percent that the left side has

if (WebGL) start()
else byId('compare-no-webgl').hidden = false
byId('compare').addEventListener('submit', goOn)
byId('back-to-city').addEventListener('click', ({target}) => (target.hash = viewOnly()))
addEventListener('keydown', ({key, target}) => key === 'Escape' && !target.matches?.('select') && byId('back-to-city').click())
addEventListener('hashchange', () => location.reload()) // another comparison was pasted

function start() {
  byId('modes').hidden = false
  const wanted = modes.find(({value}) => value === asked('mode')) ?? modes[0]
  wanted.checked = true
  wireSeen()
  show(wanted.value)
  for (const one of modes) one.addEventListener('change', () => (remember('mode', one.value), show(one.value)))
  byId('content').addEventListener('click', clicked)
  divide(at)
  divider.addEventListener('keydown', keyed)
  divider.addEventListener('pointerdown', grab)
}

/** Layers and sun, as the address says. */
function wireSeen() {
  const layers = layersAsked(boxes.map(({name}) => name))
  for (const box of boxes) {
    box.checked = layers?.includes(box.name) ?? box.checked
    box.addEventListener('change', () => (rememberLayers(shown()), see()))
  }
  byId('sun-at').value = sunAsked()?.[0] ?? `${new Date().getFullYear()}-03-21T15:00`
  byId('sun-at').addEventListener('change', ({target}) => target.validity.valid && target.value && (rememberSun(target.value), see()))
}

function show(mode) {
  stage.hidden = mode === 'list'
  stage.dataset.mode = mode
  if (!stage.hidden && !frames.length) open()
}

function open() {
  camera ??= fitting(new URLSearchParams(byId('content').dataset.camera).get('camera'))
  frames = [...stage.querySelectorAll('iframe')].map(frame => framed(frame, message => heard(frame, message)))
  for (const {show} of frames) show(camera, `&${seenThere()}`)
}

function shown() {
  return boxes.filter(({checked}) => checked).map(({name}) => name)
}

/** Layers and sun as the address of a city tells them: both sides show the same. */
function seenThere() {
  const sun = sunAsked()?.[0]
  return `layers=${shown().join(',')}${sun ? `&sun=${sun}` : ''}`
}

function see() {
  for (const {tell} of frames) tell({view: seenThere()})
}

function clicked(event) {
  const [place, more] = ['.differing a', '.more-of-them a'].map(one => event.target.closest(one))
  if (place) flyTo(event, place)
  if (more) listMore(event, more)
}

/** The next ones of a layer below those that are listed; the focus goes on with the first of them. */
async function listMore(event, link) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const answer = await fetch(`${link.href}&part`).catch(() => null)
  if (!answer?.ok) return location.assign(link.href)
  const found = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const [list, first] = [link.closest('p').previousElementSibling, found.querySelector('.differing a')]
  list.append(...found.querySelectorAll('.differing > li'))
  link.closest('p').replaceWith(...found.querySelectorAll('.more-of-them'))
  first?.focus()
}

/** The camera that the server has reckoned for a wide screen. */
function fitting(text) {
  if (!text) return null
  const [longitude, latitude, zoom, pitch, bearing] = text.split(',').map(Number)
  const across = Math.min(stage.querySelector('iframe').clientWidth, 1300)
  return {longitude, latitude, zoom: zoom + 0.7 * Math.log2(across / 1300), pitch, bearing}
}

/** Where one was moved, the other one follows; one that was not there yet, catches up. */
function heard(from, {camera: moved, drawn, key}) {
  if (key === 'Escape') byId('back-to-city').click()
  const others = frames.filter(({frame}) => frame !== from)
  if (moved) {
    camera = moved
    rememberCamera(camera)
    for (const {tell} of others) tell({follow: camera})
  }
  if (!drawn) return
  if (camera) frames.find(({frame}) => frame === from).tell({follow: camera})
  from.dataset.drawn = ''
}

function flyTo(event, link) {
  if (stage.hidden || event.ctrlKey || event.metaKey || event.shiftKey) return // the link leads to the city
  event.preventDefault()
  const [west, south, east, north] = link.dataset.bounds.split(',').map(Number)
  const [longitude, latitude] = [(west + east) / 2, (south + north) / 2]
  const shrink = Math.cos((latitude * Math.PI) / 180)
  const metres = Math.max((east - west) * shrink, north - south) * 111320
  const across = Math.min(...['clientWidth', 'clientHeight'].map(side => stage.querySelector('iframe')[side])) / 3
  const zoom = Math.min(CLOSEST, Math.log2((METRES_PER_PIXEL * shrink * across) / Math.max(metres, 20)))
  frames[0].tell({fly: {longitude, latitude, zoom}, duration: 900})
  for (const {tell} of frames) tell({chosen: {layer: link.dataset.layer, uid: link.dataset.uid}})
  document.querySelector('.differing [aria-current]')?.removeAttribute('aria-current')
  link.setAttribute('aria-current', 'true')
  if (stage.getBoundingClientRect().bottom < 100) stage.scrollIntoView()
}

function divide(percent) {
  at = Math.min(Math.max(Math.round(percent), 0), 100)
  stage.style.setProperty('--at', `${at}%`)
  divider.setAttribute('aria-valuenow', at)
  divider.setAttribute('aria-valuetext', `${at} %`)
}

function keyed(event) {
  if (!(event.key in STEPS)) return
  event.preventDefault()
  divide(at + STEPS[event.key])
  remember('at', at)
}

function grab({pointerId}) {
  divider.setPointerCapture(pointerId)
  stage.classList.add('dragged')
  const drag = ({clientX}) => {
    const {left, width} = stage.getBoundingClientRect()
    divide(((clientX - left) / width) * 100)
  }
  divider.addEventListener('pointermove', drag)
  divider.addEventListener('lostpointercapture', () => {
    divider.removeEventListener('pointermove', drag)
    stage.classList.remove('dragged')
    remember('at', at)
  }, {once: true})
}

/** Other scenarios in the same view. */
function goOn(event) {
  event.preventDefault()
  const wanted = new FormData(byId('compare'))
  const asking = new URLSearchParams({with: wanted.get('with'), lang: wanted.get('lang')})
  location.href = `/scenarios/${wanted.get('scenario')}/differences?${asking}${location.hash}`
}

/** What of the address the city knows, too. */
function viewOnly() {
  return ['camera', 'layers', 'sun'].filter(asked).map(key => `${key}=${asked(key)}`).join('&')
}
