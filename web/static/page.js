// The page of the city: draws the scene, shows and hides layers, and tells of what is clicked.

import {layersAsked, rememberLayers} from './address.js'
import {coloured} from './colouring.js'
import {emphasis} from './emphasis.js'
import {isSparing, WebGL} from './graphics.js'
import {inspect, inspectGround} from './inspector.js'
import {wireMoving} from './moving.js'
import {wireRefresh} from './refresh.js'
import {wireSun} from './sun.js'

const byId = id => document.getElementById(id)
const scene = JSON.parse(byId('scene').textContent)
const boxes = [...document.querySelectorAll('.layers input[type=checkbox][name]')]
const root = document.documentElement
const BODIES = ['buildings', 'trees'] // all other layers are painted on the land or marked with pins
const PHONE = matchMedia('(max-width: 700px)')

// A processor may draw too, and it may take its time between press and release of a click.
const DEVICE = {
  deviceProps: {type: 'webgl', webgl: {failIfMajorPerformanceCaveat: false, antialias: !isSparing}},
  eventRecognizerOptions: {click: {time: 10000}},
}

// Fewer and larger tiles where each costs a processor's time; as many pixels of land in all.
const LIGHT = {tileSize: 1024, debounceTime: 100}

for (const box of boxes) box.checked = layersAsked()?.includes(box.name) ?? box.checked
if (PHONE.matches) byId('layers').open = false
for (const link of document.querySelectorAll('#language')) {
  link.addEventListener('click', () => (link.hash = location.hash)) // the same view in the other language
}

if (WebGL) draw()
else {
  byId('table').hidden = false
  say('')
  root.dataset.ready = 'without-webgl'
}

async function draw() {
  const [{startingView, wireCamera}, classes] = await Promise.all([import('./camera.js'), import('./city.js')])
  const {wireFind} = await import('./find.js')
  const {initialViewState, ...rest} = JSON.parse(scene.deck)
  const zoomsByDoubleClick = () => ({doubleClickZoom: !root.dataset.tool})
  const spec = () => ({
    ...rest,
    views: rest.views.map(one => ({...one, controller: zoomsByDoubleClick()})),
    layers: rest.layers.map(dressed),
  })
  const view = createDeck({
    container: byId('view'),
    jsonInput: {...spec(), ...DEVICE, initialViewState: startingView(initialViewState)},
    tooltip: false,
    configuration: {classes},
  })
  // A new spec each time: updateDeck skips one that it has seen.
  const redraw = () => updateDeck(spec(), view)
  wireCamera(view)
  wireMoving(view)
  wireRefresh(view)
  wireSun(view, scene)
  view.setProps({
    useDevicePixels: isSparing ? 1 : Math.min(devicePixelRatio, 2),
    onClick: info => clicked(view, info),
    onAfterRender: () => {
      tellWhenReady(view)
      dispatchEvent(new Event('city-drawn'))
    },
    getCursor: ({isDragging, isHovering}) => (isDragging ? 'grabbing' : isHovering ? 'pointer' : 'grab'),
  })
  wireKeys(view)
  import('./tools.js').then(({wireTools}) => wireTools({view, scene, redraw, shown}))
  for (const box of boxes) box.addEventListener('change', () => (rememberLayers(shown()), redraw()))
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
  addEventListener('tile-failed', () => offerAgain(redraw))
  wireFind(scene, redraw, switchOn)
}

let attempts = 0

/** What is told of has to be seen. */
function switchOn(layer) {
  const box = boxes.find(({name}) => name === layer)
  if (box && !box.checked) box.click()
}

const shown = () => boxes.filter(box => box.checked).map(box => box.name)

/** A layer of the spec with what this reader has chosen: what is shown, in which light. */
function dressed(layer) {
  const light = layer.id === 'land' ? '--light-on-land' : '--light'
  const tint = getComputedStyle(root).getPropertyValue(light).trim().split(/\s+/).map(Number)
  const visible = !BODIES.includes(layer.id) || shown().includes(layer.id)
  const data = attempts ? `${layer.data}&again=${attempts}` : layer.data // a new address is asked anew
  const drawing = {tint, size: 1024, sharpness: isSparing ? 1 : 8, ...(isSparing && LIGHT)}
  return coloured({...layer, data, visible, shown: shown(), emphasis: emphasis(), ...drawing})
}

function clicked(view, info) {
  const isFree = dispatchEvent(new CustomEvent('city-click', {cancelable: true, detail: {view, info}}))
  if (!isFree) return
  if (info.object?.uid) return inspect(scene, info.object)
  const {x, y} = info
  const ground = view.pickObject({x, y, unproject3D: true})?.coordinate ?? info.coordinate
  const asked = shown().filter(name => !BODIES.includes(name))
  return ground && inspectGround(scene, ground.slice(0, 2), asked)
}

/** Enter tells of what stands in the middle of the picture; the arrow keys are deck.gl's. */
function wireKeys(view) {
  const canvas = byId('view').querySelector('canvas')
  canvas.tabIndex = 0
  canvas.addEventListener('keydown', event => {
    if (event.key !== 'Enter') return
    const [x, y] = [canvas.clientWidth / 2, canvas.clientHeight / 2]
    clicked(view, view.pickObject({x, y}) ?? {x, y})
  })
}

function tellWhenReady(view) {
  if (root.dataset.ready || !view.layerManager.getLayers().every(layer => layer.isLoaded)) return
  root.dataset.ready = 'drawn'
  if (byId('state').dataset.failed) return
  say(isSparing ? scene.words.software : '')
  if (isSparing) setTimeout(() => say(''), 5000)
}

function offerAgain(redraw) {
  const again = document.createElement('button')
  again.textContent = scene.words.again
  again.onclick = () => {
    delete byId('state').dataset.failed
    say('')
    attempts += 1
    redraw()
  }
  byId('state').dataset.failed = 'yes'
  byId('state').replaceChildren(scene.words.failed, again)
}

function say(text) {
  byId('state').textContent = text
}
