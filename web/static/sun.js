// The sun slider: a day and a time, the sun's way on that day, and the scene in its light.

import {rememberSun, sunAsked} from './address.js'
import {frame, startFrame} from './shadows.js'
import {whenBack} from './states.js'
import {colorOfLight, moveSun} from './sunlight.js'

const byId = id => document.getElementById(id)
const root = document.documentElement
const calm = matchMedia('(prefers-reduced-motion: reduce)')
const STEP = 10 // minutes, as in twin/sun.py
const AT_FIRST = ['03-21', 15 * 60] // the equinox, on which the sun is measured; in the afternoon, which shows the form
const REST = 200 // milliseconds after which a sun that moved is at rest
const WHOLE_DAY = 20000 // milliseconds that the day takes when it is played
const DUSK = 40 // minutes before sunrise and after sunset that it begins and ends

let view
let scene
let way // the answer for the day that is shown
let playing
let resting
let asked // the day that was asked for last

/** Shows the slider and puts the sun where the address says. */
export function wireSun(deck, told) {
  view = deck
  scene = told
  view.setProps({onBeforeRender: startFrame})
  byId('sun').hidden = byId('sun-open').hidden = false
  byId('sun-open').onclick = () => {
    const open = byId('sun').classList.toggle('open')
    byId('sun-open').setAttribute('aria-expanded', open)
  }
  byId('sun-time').addEventListener('input', () => (pause(), show()))
  byId('sun-date').addEventListener('change', ({target}) => target.value && chooseDay(target.value))
  for (const button of document.querySelectorAll('[data-day]')) {
    button.onclick = () => chooseDay(dayNamed(button.dataset.day))
  }
  byId('sun-play').onclick = () => (playing ? pause() : play())
  byId('sun-day').addEventListener('keydown', closeByEscape)
  document.addEventListener('pointerdown', ({target}) => byId('sun-day').contains(target) || closeDays())
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => requestAnimationFrame(tintBackground))
  addEventListener('hashchange', start)
  start()
}

function start() {
  const found = sunAsked()
  const [day, minutes] = found ? [found[1], Number(found[2]) * 60 + Number(found[3])] : [dayNamed(AT_FIRST[0]), AT_FIRST[1]]
  byId('sun-time').value = minutes
  return learn(day)
}

/** From "03-21" or "today" to "2026-03-21", in the year that is shown. */
function dayNamed(name) {
  const now = new Date()
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map(part => String(part).padStart(2, '0'))
  return name === 'today' ? today.join('-') : `${(asked ?? today[0]).slice(0, 4)}-${name}`
}

function chooseDay(day) {
  pause()
  closeDays()
  return learn(day).then(remember)
}

async function learn(day) {
  asked = day
  try {
    const response = await fetch(`${scene.sun}?${new URLSearchParams({date: day})}`)
    const answer = await response.json()
    if (!response.ok) throw new Error(answer.error)
    if (asked !== day) return // another day was chosen meanwhile
    way = answer
  } catch (error) {
    if (error instanceof TypeError) whenBack(() => asked === day && !way && learn(day)) // the server was not reached
    byId('sun-told').value = scene.words.failed
    return
  }
  showDay()
  show()
}

function showDay() {
  const date = new Date(`${way.date}T12:00`)
  byId('sun-date').value = way.date
  byId('sun-day-named').textContent = date.toLocaleDateString(scene.language, {day: 'numeric', month: 'long'})
  byId('sun-day-named').title = date.toLocaleDateString(scene.language, {dateStyle: 'full'})
  const ends = {rise: way.sunrise, set: way.sunset}
  for (const [name, time] of Object.entries(ends)) {
    byId(`sun-${name}`).textContent = time ? `${name === 'rise' ? '↑' : '↓'} ${time}` : ''
    byId('sun').style.setProperty(`--${name}`, `${(minutesOf(time) ?? (name === 'rise' ? 0 : 1440)) / 14.4}%`)
  }
  for (const button of document.querySelectorAll('[data-day]')) {
    button.setAttribute('aria-pressed', dayNamed(button.dataset.day) === way.date)
  }
}

/** The sun where the slider is; quickly first, and finely as soon as it rests. */
function show() {
  if (!way) return
  const minutes = Number(byId('sun-time').value)
  const [azimuth, altitude] = positionAt(minutes)
  const first = root.dataset.sun === undefined
  tell(minutes, azimuth, altitude)
  light(azimuth, altitude, !first)
  clearTimeout(resting)
  root.dataset.sun = 'moving'
  resting = setTimeout(() => {
    light(azimuth, altitude, false)
    if (!playing && !first) remember()
    tellWhenDrawn(frame.count, resting)
  }, first ? 0 : REST)
}

function tellWhenDrawn(before, rest) {
  requestAnimationFrame(() => {
    if (rest !== resting) return // it has moved on
    if (frame.count === before || frame.late) return tellWhenDrawn(before, rest)
    root.dataset.sun = 'resting'
  })
}

function light(azimuth, altitude, moving) {
  if (moveSun(azimuth, altitude, moving)) tintBackground()
  view.layerManager?.setNeedsRedraw('the sun has moved')
}

/** What lies behind the scene's edge is the ground's colour in the same light. */
function tintBackground() {
  const ground = getComputedStyle(root).getPropertyValue('--ground').trim()
  const parts = [1, 3, 5].map((at, i) => Math.round(parseInt(ground.slice(at, at + 2), 16) * colorOfLight()[i]))
  if (parts.every(Number.isFinite)) byId('content').style.backgroundColor = `rgb(${parts.join(' ')})`
}

function tell(minutes, azimuth, altitude) {
  const {words} = scene
  const direction = words.directions.split(' ')[Math.round(azimuth / 45) % 8]
  const up = Math.round(altitude)
  const told = altitude <= 0 ? words['sun-below']
    : words['sun-above'].replace('{altitude}', up).replace('{direction}', direction)
  byId('sun-clock').value = clock(minutes)
  byId('sun-told').value = told
  byId('sun-time').setAttribute('aria-valuetext', `${clock(minutes)}, ${told}`)
}

/** Between two of the server's positions it moves evenly; over north the azimuth starts anew. */
function positionAt(minutes) {
  const at = Math.min(minutes / STEP, way.positions.length - 1)
  const [one, next] = [way.positions[Math.floor(at)], way.positions[Math.ceil(at)]]
  const share = at - Math.floor(at)
  const turn = ((next.azimuth - one.azimuth + 540) % 360) - 180
  return [(one.azimuth + turn * share + 360) % 360, one.altitude + (next.altitude - one.altitude) * share]
}

/** From before sunrise to after sunset; who asks for less motion gets the hours one by one. */
function play() {
  if (!way) return
  const slider = byId('sun-time')
  const from = Math.max((minutesOf(way.sunrise) ?? 0) - DUSK, 0)
  const to = Math.min((minutesOf(way.sunset) ?? 1435) + DUSK, 1435)
  let now = Number(slider.value)
  if (now < from || now >= to - 5) now = from
  let last = performance.now()
  const next = time => {
    now += calm.matches ? 60 : ((time - last) / WHOLE_DAY) * (to - from)
    last = time
    slider.value = Math.min(now, to)
    show()
    if (now >= to) return pause()
    playing = calm.matches ? setTimeout(() => next(performance.now()), 1500) : requestAnimationFrame(next)
  }
  playing = calm.matches ? setTimeout(() => next(performance.now()), 0) : requestAnimationFrame(next)
  showPlaying()
}

function pause() {
  if (!playing) return
  cancelAnimationFrame(playing)
  clearTimeout(playing)
  playing = undefined
  showPlaying()
  show()
}

function showPlaying() {
  const button = byId('sun-play')
  const word = scene.words[playing ? 'pause' : 'play']
  button.textContent = playing ? '❚❚' : '▶'
  button.title = word
  button.setAttribute('aria-label', word)
}

const remember = () => way && rememberSun(`${way.date}T${clock(Number(byId('sun-time').value))}`)

function closeDays() {
  byId('sun-day').open = false
}

function closeByEscape(event) {
  if (event.key !== 'Escape' || !byId('sun-day').open) return
  event.stopPropagation()
  closeDays()
  byId('sun-day').firstElementChild.focus()
}

const clock = minutes => [Math.floor(minutes / 60), minutes % 60].map(part => String(part).padStart(2, '0')).join(':')

function minutesOf(time) {
  if (!time) return null
  const [hours, minutes] = time.split(':').map(Number)
  return hours * 60 + minutes
}
