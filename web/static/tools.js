// The tool bar: which tool is at hand, the keys, full screen, and the help.

import {wireBasemap} from './basemap.js'
import {wireColouring} from './colouring.js'
import {wireHover} from './hover.js'
import {wireLabels} from './labels.js'
import {wireMarks} from './marks.js'
import {startMeasuring, stopMeasuring} from './measuring.js'
import {wireOpacity} from './opacity.js'
import {wireOverview} from './overview.js'
import {leave, takeReach, wireReach} from './reach.js'
import {wireSelection} from './selection.js'

const byId = id => document.getElementById(id)
const root = document.documentElement
const KEYS = {n: 'north', h: 'home', r: 'many', t: 'tilt', f: 'fullscreen', l: 'length', a: 'area', m: 'height', w: 'reach-tool', b: 'picture', '?': 'help', '+': 'closer', '-': 'farther'}
const OF_DECK = ['Equal', 'Minus'] // where + and − lie on an English keyboard: there deck.gl hears them
const buttons = [...document.querySelectorAll('#tools [aria-pressed]')]

/** city: {view, scene, redraw, shown}. */
export function wireTools(city) {
  for (const button of buttons) button.addEventListener('click', () => take(city, button.value))
  byId('help').onclick = () => byId('shortcuts').showModal()
  byId('fullscreen').hidden = !document.fullscreenEnabled
  byId('fullscreen').onclick = () =>
    (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()).catch(() => {})
  byId('picture').onclick = () => import('./picture.js').then(({askForPicture}) => askForPicture(city))
  document.addEventListener('keydown', event => onKey(city, event))
  wireLabels(city)
  wireColouring(city)
  for (const wire of [wireMarks, wireHover, wireSelection, wireOpacity, wireBasemap, wireOverview, wireReach]) wire(city)
}

function onKey(city, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
  if (event.target.closest('input:not([type=checkbox]), select, textarea, [contenteditable]')) return
  if (event.key === 'Escape' && root.dataset.tool) return take(city, 'select')
  const id = KEYS[event.key.toLowerCase()]
  if (!id || byId(id).hidden) return
  if (OF_DECK.includes(event.code) && event.target.matches('#view canvas')) return
  event.preventDefault()
  byId(id).click()
}

function take(city, tool) {
  stopMeasuring()
  if (tool !== 'reach') leave()
  for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === tool))
  if (tool === 'select') delete root.dataset.tool
  else {
    root.dataset.tool = tool
    if (tool === 'reach') takeReach()
    else if (tool !== 'many') startMeasuring(city, tool)
  }
  city.redraw() // a double click ends a measurement, and otherwise comes closer
}
