// Verbs on several features: the server's form beside the city, filled by drawing and clicking, done in one step.

import {asked} from '../address.js'
import {groundAt} from '../ground.js'
import {close as closeInspector, lyingAt} from '../inspector.js'
import {mark} from '../marks.js'
import {outlinesOf} from '../outlines.js'
import {endDesign} from './designs.js'
import {draw, stopDrawing} from './drawing.js'
import {mapped, placesOf} from './plane.js'
import {selection} from './selection.js'
import * as sending from './sending.js'
import {toast} from './toast.js'

const byId = id => document.getElementById(id)
const panel = byId('verb')
const TOOLS = {Point: 'stamp', LineString: 'line', Polygon: 'polygon'}
const DECIMALS = 1e8 // of a degree: a millimetre
let city
let opener = null
let marked = 0

const form = () => panel.querySelector('form')
const field = name => form().elements.namedItem(name)

export function wireVerbs(wired) {
  city = wired
  byId('verb-close').onclick = close
  byId('show-history').addEventListener('click', close) // they stand in one place
  panel.addEventListener('keydown', event => event.key === 'Escape' && (event.stopPropagation(), close()))
  panel.addEventListener('submit', submit)
  panel.addEventListener('change', ({target}) => target.dataset.kind && show())
  panel.addEventListener('click', ({target}) => target.dataset.drawFor && drawFor(target.dataset.drawFor))
  document.addEventListener('click', event => {
    const link = event.target.closest('a[data-verb]')
    if (!link || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    open(link.href)
  })
  byId('planner').addEventListener('click', ({target}) => {
    const button = target.closest('button[data-verb]')
    if (!button) return
    button.closest('.menu').open = false
    open(`${city.scene.planner.verbs.replace('VERB', button.dataset.verb)}&${begunWith(button.dataset)}`)
  })
  addEventListener('city-click', onClick)
}

/** What is selected stands in the form already. */
function begunWith({field: name, layer, many}) {
  if (!name) return ''
  const one = selection()
  const chosen = (asked('chosen') ?? '').split(',').map(text => text.split('/')).filter(([of]) => of === layer)
  const uids = chosen.map(([, uid]) => decodeURIComponent(uid))
  if (!uids.length && one?.layer === layer) uids.push(one.uid)
  return new URLSearchParams((many ? uids : uids.slice(0, 1)).map(uid => [name, uid]))
}

async function open(address) {
  const response = await fetch(`${address}&part`).catch(() => null)
  if (!response?.ok) return toast(city.scene.words['needs-connection'], 'bad')
  const told = new DOMParser().parseFromString(await response.text(), 'text/html')
  opener = document.activeElement
  closeInspector()
  stopDrawing()
  endDesign()
  if (!byId('history').hidden) byId('history-close').click()
  byId('verb-form').replaceChildren(...told.body.children)
  panel.hidden = false
  panel.scrollTop = 0
  panel.focus({preventScroll: true})
  for (const {dataset} of panel.querySelectorAll('.of-features')) switchOn(dataset.layer)
  await show()
  goOn()
}

function close() {
  if (panel.hidden) return
  stopDrawing()
  endDesign()
  panel.hidden = true
  byId('verb-form').replaceChildren()
  mark('planned', [])
  marked++
  const there = opener?.checkVisibility() && opener !== document.body ? opener : byId('view').querySelector('canvas')
  there?.focus({preventScroll: true})
}

/** What is to be clicked has to be seen. */
function switchOn(layer) {
  const box = document.querySelector(`.layers input[type=checkbox][name="${layer}"]`)
  if (box && !box.checked) box.click()
}

/** On to the first thing that is still missing: it is drawn, clicked, or entered. */
function goOn() {
  const missing = [...form().elements].find(control => control.required && !control.value.trim())
  if (!missing) return form().querySelector('.button').focus()
  if (missing.dataset.kind in TOOLS) return drawFor(missing.name)
  if (!missing.closest('.of-features')) missing.focus()
}

function drawFor(name) {
  const {kind} = field(name).dataset
  draw({kind: TOOLS[kind], onDone: geometry => {
    const rounded = mapped(geometry, place => place.map(value => Math.round(value * DECIMALS) / DECIMALS))
    field(name).value = JSON.stringify(rounded)
    show()
    goOn()
  }})
}

/** The field that takes what is clicked: the one in focus, else the first that is empty, else a list. */
function taking() {
  const controls = [...panel.querySelectorAll('.of-features [data-kind]')]
  return controls.find(control => control === document.activeElement) ?? controls.find(({value}) => !value.trim())
    ?? controls.find(({dataset}) => dataset.kind === 'features') ?? controls[0] ?? null
}

async function onClick(event) {
  if (panel.hidden || event.defaultPrevented || document.documentElement.dataset.tool) return
  event.preventDefault() // nothing else is selected behind the form
  const control = taking()
  if (!control) return
  const {view, info} = event.detail
  const {layer} = control.closest('.of-features').dataset
  const isMeant = info.object?.layer === layer // and not a pin or a tree above it
  const found = isMeant ? info.object : await lyingAt(city.scene, view, info, [layer]).catch(() => null)
  if (!found) return toast(city.scene.words['nothing-here'])
  const isOne = control.dataset.kind === 'feature'
  const lines = isOne ? [] : control.value.split('\n').filter(line => line.trim())
  control.value = lines.includes(found.uid) ? lines.filter(line => line !== found.uid).join('\n') : [...lines, found.uid].join('\n')
  await show()
  if (!isOne) return
  await hint(control, layer)
  if (form()) goOn()
}

/** The fields tell what stands there now. */
async function hint({value}, layer) {
  const path = [layer, ...value.split('/')].map(encodeURIComponent).join('/')
  const response = await fetch(`${city.scene.planner.api}/${path}?geojson`).catch(() => null)
  if (!response?.ok || !form()) return
  const {properties} = await response.json()
  for (const control of form()?.querySelectorAll('[data-kind]') ?? []) {
    const now = properties[control.name]
    if (now === undefined || control.closest('.of-features, .of-shape')) continue
    const {stays} = control.dataset
    const title = stays && control.querySelector(`option[value="${CSS.escape(now ?? '')}"]`)?.textContent
    if (stays) control.options[0].textContent = now === null ? stays : `${stays}: ${title ?? now}`
    else control.placeholder = now ?? ''
  }
}

/** What is meant lights up in the city, and is named in the form. */
async function show() {
  const mine = ++marked
  const groups = [...panel.querySelectorAll('.of-features')]
  const told = await Promise.all(groups.map(group => {
    const uids = field(group.dataset.name).value.split('\n').map(line => line.trim()).filter(Boolean)
    return uids.length ? outlinesOf(city.scene, {[group.dataset.layer]: uids}) : []
  }))
  if (mine !== marked || panel.hidden) return
  groups.forEach((group, i) => {
    group.querySelector('[data-called]').textContent = told[i].map(({title}) => title).join(', ')
  })
  mark('planned', [...told.flat(), ...drawnShapes()])
}

function drawnShapes() {
  const {words} = city.scene
  return [...panel.querySelectorAll('.of-shape')].flatMap(group => {
    const geometry = shapeOf(field(group.dataset.name).value)
    group.querySelector('[data-drawn]').textContent = geometry ? `✓ ${words['shape-is-drawn']}` : ''
    group.querySelector('[data-draw-for]').textContent = words[geometry ? 'on-the-map-again' : 'on-the-map-draw']
    return geometry ? [outlineOf(geometry)] : []
  })
}

function shapeOf(text) {
  try {
    return text.trim().startsWith('{') ? JSON.parse(text) : null
  } catch {
    return null
  }
}

/** As marks.js draws it: on the ground. */
function outlineOf(geometry) {
  const high = place => [...place, groundAt(city.view, ...place) ?? 0]
  const {coordinates} = mapped(geometry, high)
  return {
    areas: geometry.type === 'Polygon' ? [coordinates] : [],
    lines: geometry.type === 'LineString' ? [coordinates] : [],
    points: geometry.type === 'Point' ? [placesOf(geometry).map(high)] : [],
  }
}

function submit(event) {
  if (!form().dataset.verb) return
  event.preventDefault()
  perform(form().dataset.verb, entered())
}

/** Without a connection it waits with the other edits. */
async function perform(verb, body) {
  say('')
  await sending.several(verb, body)
  if (panel.hidden || !form() || byId('verb-form').querySelector('[data-wrong]').textContent) return
  toast(city.scene.words['verb-waits'])
  close()
}

/** As the interface takes it; a dot in a name stands for a part. */
function entered() {
  const body = {}
  for (const control of form().querySelectorAll('[data-kind]')) {
    const text = control.value.trim()
    const [name, part] = control.name.split('.')
    if (!text) continue
    if (part) (body[name] ??= {})[part] = valueOf(control.dataset.kind, text)
    else body[name] = valueOf(control.dataset.kind, text)
  }
  return body
}

function valueOf(kind, text) {
  const parts = separator => text.split(separator).map(part => part.trim()).filter(Boolean)
  if (kind === 'features') return parts('\n')
  if (kind === 'texts') return parts(',')
  if (kind in TOOLS) return shapeOf(text) ?? text
  const number = Number(text.replace(',', '.'))
  return (kind === 'number' || kind === 'whole') && Number.isFinite(number) ? number : text
}

function say(sentence) {
  const wrong = panel.querySelector('[data-wrong]')
  if (!wrong) return
  wrong.textContent = sentence
  wrong.hidden = !sentence
  if (sentence) panel.scrollTop = 0
}

export function done() {
  toast(city.scene.words['verb-done'])
  close()
}

/** Why it was not done, in the form if it is still there. */
export function refused(sentence) {
  if (panel.hidden) toast(sentence, 'bad')
  else say(sentence)
}
