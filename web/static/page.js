// The page of the city: draws the scene, shows and hides layers, and tells of what is clicked.

import {cameraIsUnread, layersAsked, rememberLayers} from './address.js'
import {coloured} from './colouring.js'
import {based} from './basemap.js'
import {emphasis, filtered} from './emphasis.js'
import {fineness} from './fineness.js'
import {isSparing, WebGL} from './graphics.js'
import {inspectPicked} from './inspector.js'
import {COARSE, sharpen, whenShown, wireMoving} from './moving.js'
import {faded} from './opacity.js'
import {reached} from './reached.js'
import {wireRefresh} from './refresh.js'
import {wireSeen} from './seen.js'
import {frame} from './shadows.js'
import {say, sayForAWhile, wireStates} from './states.js'
import {wireSun} from './sun.js'

const byId = id => document.getElementById(id)
const scene = JSON.parse(byId('scene').textContent)
const boxes = [...document.querySelectorAll('.layers input[type=checkbox][name]')]
const root = document.documentElement
const BODIES = ['buildings', 'trees'] // all other layers are painted on the land or marked with pins
const PHONE = matchMedia('(max-width: 700px)')
const FINGERS = matchMedia('(pointer: coarse)')

// A processor may draw too, and it may take its time between press and release of a click.
const DEVICE = {
  deviceProps: {type: 'webgl', webgl: {failIfMajorPerformanceCaveat: false, antialias: !isSparing}},
  // Nor does a click wait whether a second one follows: of two quick ones in two places the first would be lost.
  eventRecognizerOptions: {click: {time: 10000, interval: 0}},
}

// Fewer and larger tiles where each costs a processor's time; as many pixels of land in all.
const LIGHT = {tileSize: 1024, debounceTime: 100}

for (const box of boxes) box.checked = layersAsked(boxes.map(({name}) => name))?.includes(box.name) ?? box.checked
if (PHONE.matches) byId('layers').open = false
for (const link of document.querySelectorAll('#language, #plan')) {
  link.addEventListener('click', () => (link.hash = location.hash)) // the same view in the other language
}

document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault() // behind the # stands the view
  const canvas = byId('view').querySelector('canvas')
  ;(canvas ?? byId('content')).focus()
})

if (WebGL) draw()
else {
  for (const part of byId('content').children) part.hidden = part.id !== 'table' // what the scene needs is of no use
  say('note', '')
  root.dataset.ready = 'without-webgl'
}

async function draw() {
  const [{startingView, wireCamera}, classes] = await Promise.all([import('./camera.js'), import('./city.js')])
  const {wireFind} = await import('./find.js')
  const drawing = scene.planner ? await import('./editing/layer.js') : {}
  const comparing = scene.compared ? await import('./compared.js') : {}
  const {initialViewState, ...rest} = JSON.parse(scene.deck)
  if (scene.planner) rest.layers.push({'@@type': 'EditingLayer', id: 'editing'})
  if (scene.compared) rest.layers.push(...(await comparing.comparedLayers(scene.compared, rest.layers)))
  const controller = () => ({doubleClickZoom: !root.dataset.tool, dragPan: root.dataset.tool !== 'many' || FINGERS.matches})
  const spec = () => ({
    ...rest,
    views: rest.views.map(one => ({...one, controller: controller()})),
    layers: rest.layers.map(dressed),
  })
  const view = createDeck({
    container: byId('view'),
    jsonInput: {...spec(), ...DEVICE, initialViewState: startingView(initialViewState)},
    tooltip: false,
    configuration: {classes: {...classes, ...drawing, ...comparing}},
  })
  // A new spec each time: updateDeck skips one that it has seen.
  const redraw = () => updateDeck(spec(), view)
  wireCamera(view)
  wireMoving(view)
  wireRefresh(view)
  wireSun(view, scene)
  view.setProps({
    useDevicePixels: isSparing ? COARSE : Math.min(devicePixelRatio, 2), // soon sharp, see below
    onClick: (info, {srcEvent}) => clicked(view, info, srcEvent.shiftKey || srcEvent.ctrlKey || srcEvent.metaKey),
    onAfterRender: () => {
      tellWhenReady(view)
      dispatchEvent(new CustomEvent('city-drawn', {detail: {view}}))
    },
  })
  wireKeys(view)
  // What asks where the view lies waits until there is one.
  const begun = new Promise(done => (view.isInitialized ? done() : view.setProps({onLoad: done})))
  const tools = import('./tools.js')
  begun.then(() => tools).then(({wireTools}) => wireTools({view, scene, redraw, shown}))
  for (const box of boxes) box.addEventListener('change', () => (rememberLayers(shown()), redraw()))
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
  wireStates(() => classes.retryFailed(view))
  wireSeen(view, scene, rest.layers.find(({id}) => id === 'buildings').extent)
  wireFind(scene, redraw, switchOn)
  if (scene.embedded) import('./embedded.js').then(({wireEmbedded}) => wireEmbedded(view, scene, boxes))
  if (scene.planner?.area) import('./editing/area.js').then(({wireArea}) => wireArea({view, scene, redraw, shown}))
  else if (scene.planner) import('./editing/editing.js').then(({wireEditing}) => wireEditing({view, scene, redraw, shown}))
}

/** What is told of has to be seen. */
function switchOn(layer) {
  const box = boxes.find(({name}) => name === layer)
  if (box && !box.checked) box.click()
}

const shown = () => boxes.filter(box => box.checked).map(box => box.name)

/** A layer of the spec with what this reader has chosen: what is shown, in which light. */
function dressed(layer) {
  if (!layer.data) return layer // what is drawn by hand
  const light = layer.id === 'land' ? '--light-on-land' : '--light'
  const tint = getComputedStyle(root).getPropertyValue(light).trim().split(/\s+/).map(Number)
  const body = layer.of ?? layer.id
  const visible = !BODIES.includes(body) || shown().includes(body)
  const drawing = {tint, sharpness: isSparing ? 1 : 8, ...(isSparing && LIGHT)}
  return reached(based(faded(filtered(coloured({...layer, visible, shown: shown(), emphasis: emphasis(), ...drawing})))))
}

/** adds: to what is selected. */
function clicked(view, info, adds) {
  const isFree = dispatchEvent(new CustomEvent('city-click', {cancelable: true, detail: {view, info, adds}}))
  if (isFree) inspectPicked(scene, view, info, shown())
}

/** Enter tells of what stands in the middle of the picture; the arrow keys are deck.gl's. */
function wireKeys(view) {
  const canvas = byId('view').querySelector('canvas')
  canvas.tabIndex = 0
  canvas.role = 'application'
  canvas.ariaLabel = byId('view').dataset.label
  canvas.setAttribute('aria-describedby', 'seen')
  canvas.addEventListener('keydown', event => {
    if (event.key !== 'Enter') return
    const [x, y] = [canvas.clientWidth / 2, canvas.clientHeight / 2]
    clicked(view, view.pickObject({x, y}) ?? {x, y}, event.shiftKey)
  })
}

/** Says on the page that the first picture is there, and then that it is as fine as it gets. */
function tellWhenReady(view) {
  if (!root.dataset.ready && view.layerManager.getLayers().every(layer => layer.isLoaded)) {
    root.dataset.ready = 'drawn'
    whenShown(view).then(() => setTimeout(() => sharpen(view), 300)) // and whoever clicks at once is heard first
    const notes = [cameraIsUnread() && scene.words['bad-view'], isSparing && !scene.embedded && scene.words.software]
    sayForAWhile(notes.filter(Boolean).join(' '))
  }
  const isCoarse = fineness.late || frame.late || frame.bare || (isSparing && view.props.useDevicePixels === COARSE)
  if (root.dataset.ready && !isCoarse) root.dataset.sharp = ''
}
