// Lights up what the pointer is over, and what the focus or the pointer is on in a list, and says its name.

import {pickedAt} from './inspector.js'
import {mark} from './marks.js'
import {outlinesOf} from './outlines.js'

const byId = id => document.getElementById(id)
const root = document.documentElement
const REST = {body: 40, ground: 130} // milliseconds: what is painted has to be asked for
const LIGHT = [255, 208, 30, 205]
const FLAT = new Set(['buildings', 'trees']) // light up by themselves; all others get an outline
const tag = byId('tag')
let city
let now = null // {layer, uid}
let lit = [] // deck.gl's layers in which something is lit
let waiting
let turn = 0

export function wireHover(wired) {
  city = wired
  if (matchMedia('(hover: hover)').matches) city.view.setProps({onHover: over, getCursor: cursor})
  byId('view').addEventListener('pointerleave', clear)
  byId('view').addEventListener('pointerdown', clear)
  for (const [type, other] of [['focusin', 'focusout'], ['pointerover', 'pointerout']]) {
    document.addEventListener(type, ({target}) => listed(target, light))
    document.addEventListener(other, ({target}) => listed(target, clear))
  }
}

const cursor = ({isDragging}) => (isDragging ? 'grabbing' : now ? 'pointer' : 'grab')

/** A row of a table or a list that stands for a feature. */
function listed(target, then) {
  const row = target.closest?.('#drawer-rows tr, #selection li')
  const uid = row?.dataset.uid ?? row?.querySelector('[data-uid]')?.dataset.uid
  const layer = row?.closest('[data-layer]')?.dataset.layer
  if (uid && layer) then({layer, uid})
}

function over(info) {
  clearTimeout(waiting)
  turn += 1
  if (!info.picked || (root.dataset.tool && root.dataset.tool !== 'many')) return clear()
  const {object} = info
  if (object?.uid) {
    const isSame = now?.uid === object.uid && now.layer === object.layer
    if (!isSame) light(object)
    place(info)
    if (!isSame || tag.hidden) waiting = setTimeout(name, REST.body, object, turn)
    return
  }
  if (now && FLAT.has(now.layer)) clear()
  waiting = setTimeout(overGround, REST.ground, info, turn)
}

async function overGround(info, asked) {
  const named = city.shown().filter(layer => layer !== 'surfaces') // land cover is everywhere: it would flicker
  const found = await pickedAt(city.scene, city.view, info, named).catch(() => null)
  if (asked !== turn) return
  if (!found || found.wide) return clear()
  if (found.uid !== now?.uid || found.layer !== now.layer) light(found)
  place(info)
  name(found, turn)
}

async function name(feature, asked) {
  const [told] = await outlinesOf(city.scene, {[feature.layer]: [feature.uid]})
  if (!told || asked !== turn) return
  tag.replaceChildren(text('b', told.title), text('span', told.of))
  tag.hidden = false
}

const text = (kind, textContent) => Object.assign(document.createElement(kind), {textContent})

function place({x, y}) {
  const {clientWidth, clientHeight} = byId('view')
  tag.style.left = `${Math.min(x + 14, clientWidth - 230)}px`
  tag.style.top = `${Math.min(y + 18, clientHeight - 64)}px`
}

function clear() {
  clearTimeout(waiting)
  turn += 1
  now = null
  tag.hidden = true
  for (const layer of lit) if (layer.state) shine(layer, null)
  lit = []
  mark('hover', [])
}

async function light(feature) {
  clear()
  now = {layer: feature.layer, uid: feature.uid}
  for (const layer of city.view.layerManager.getLayers()) {
    const index = indexIn(layer, now)
    if (index < 0) continue
    lit.push(layer)
    shine(layer, layer.encodePickingColor(index))
  }
  if (FLAT.has(now.layer)) return
  const wanted = now
  const outlines = await outlinesOf(city.scene, {[now.layer]: [now.uid]})
  if (now === wanted) mark('hover', outlines)
}

function indexIn({props}, {layer, uid}) {
  if (props.uids?.length && props.layerName === layer) return props.uids.indexOf(uid)
  return Array.isArray(props.data) && props.data[0]?.uid ? props.data.findIndex(one => one.uid === uid && one.layer === layer) : -1
}

/** By the colour that deck.gl picks with: nothing is sent to the graphics card but that colour. */
function shine(layer, highlightedObjectColor) {
  layer.setShaderModuleProps({picking: {highlightedObjectColor, highlightColor: LIGHT}})
  layer.setNeedsRedraw()
}
