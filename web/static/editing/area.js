// The area of a project, drawn on the map: its corners are dragged, and its form is what is sent.

import {editCorners, endCorners} from './corners.js'
import {draw, wireDrawing} from './drawing.js'
import {groundAt} from '../ground.js'
import {drawn, lowest, redrawn} from './layer.js'
import {paintFigures} from './overlay.js'
import {mapped} from './plane.js'
import {loadEdges} from './snapping.js'
import {toast} from './toast.js'

const byId = id => document.getElementById(id)
const LOW = 0.2 // metres: it lies flat
const text = byId('area-panel').querySelector('textarea')
let city

export function wireArea(wired) {
  city = wired
  document.body.classList.add('planning')
  wireDrawing(city)
  byId('area-draw').onclick = begin
  addEventListener('city-click', event => event.preventDefault()) // nothing is selected here
  addEventListener('drawing-ended', () => show(entered()))
  text.addEventListener('change', () => show(entered()))
  loadEdges(city)
  const there = entered()
  if (there) show(there)
  else begin()
}

function begin() {
  drawn.bodies = []
  draw({kind: 'polygon', onDone: geometry => {
    write(geometry)
    show(geometry)
  }})
}

const DECIMALS = 1e8 // of a degree: a millimetre

function write(geometry) {
  text.value = JSON.stringify(mapped(geometry, place => place.map(value => Math.round(value * DECIMALS) / DECIMALS)))
}

/** Null while it is written in another way than GeoJSON. */
function entered() {
  try {
    return text.value.trim().startsWith('{') ? JSON.parse(text.value) : null
  } catch {
    return null
  }
}

function show(geometry) {
  endCorners()
  drawn.bodies = geometry ? [{geometry, height: LOW}] : []
  redrawn()
  if (!geometry) return
  drawn.base = lowest(geometry, groundAt)
  const {language, words} = city.scene
  const isEdited = editCorners(geometry, words, {
    change(reshaped) {
      drawn.bodies = [{geometry: reshaped, height: LOW}]
      redrawn()
      paintFigures(reshaped, language)
      write(reshaped)
    },
    done: () => paintFigures(null),
  })
  if (isEdited) toast(words['corners-how'])
}
