// How far one comes from a tapped place: the reached streets on the ground, and who and what is there beside it.

import {asked, remember} from './address.js'
import {groundUnder} from './ground.js'
import {drawStreets} from './reached.js'
import {ask} from './states.js'

const byId = id => document.getElementById(id)
const root = document.documentElement
const panel = byId('reach')
const NEAR = 8 // pixels: a press that moves farther turns the city
let city
let now = null // {longitude, latitude}

export function wireReach(told) {
  city = told
  byId('reach-mode').addEventListener('change', () => show())
  byId('reach-close').onclick = () => leave(true)
  const found = /^(-?\d+\.?\d*),(-?\d+\.?\d*),([a-z]+)$/.exec(asked('reach') ?? '')
  if (!found) return
  const isKnown = [...byId('reach-mode').options].some(({value}) => value === found[3])
  if (isKnown) byId('reach-mode').value = found[3]
  now = {longitude: Number(found[1]), latitude: Number(found[2])}
  byId('reach-tool').click()
}

/** The tool is at hand: what was shown last is shown again. */
export function takeReach() {
  panel.hidden = false
  city.view.getCanvas().focus({preventScroll: true})
  if (now) show()
}

export function leave(andSelect = false) {
  if (panel.hidden) return
  panel.hidden = true
  remember('reach', null)
  drawStreets(null)
  city.redraw()
  if (andSelect) byId('select').click()
}

addEventListener('city-click', event => root.dataset.tool === 'reach' && event.preventDefault())
let pressed = [0, 0]
byId('view').addEventListener('pointerdown', event => (pressed = pixelOf(event)), true)
byId('view').addEventListener('click', event => {
  const pixel = pixelOf(event)
  if (root.dataset.tool === 'reach' && Math.hypot(pressed[0] - pixel[0], pressed[1] - pixel[1]) < NEAR) choose(pixel)
})
document.addEventListener('keydown', event => {
  if (root.dataset.tool !== 'reach' || event.key !== 'Enter' || event.target.closest('button, input, select, a, dialog')) return
  choose([byId('view').clientWidth / 2, byId('view').clientHeight / 2])
})

function pixelOf({clientX, clientY}) {
  const {left, top} = byId('view').getBoundingClientRect()
  return [clientX - left, clientY - top]
}

function choose([x, y]) {
  const place = city.view.pickObject({x, y, unproject3D: true})?.coordinate ?? groundUnder(city.view, [x, y])
  if (!place) return
  now = {longitude: Number(place[0].toFixed(6)), latitude: Number(place[1].toFixed(6))}
  show()
}

async function show() {
  if (!now) return
  const place = now
  const {scene} = city
  const mode = byId('reach-mode').value
  const address = `/scenarios/${scene.scenario}/reach`
  const at = `${place.longitude},${place.latitude}`
  remember('reach', `${at},${mode}`)
  root.dataset.reach = 'asking'
  const response = await ask(`${address}?part&${new URLSearchParams({q: at, mode, lang: scene.language})}`)
  if (place !== now || !response) return
  const told = new DOMParser().parseFromString(await response.text(), 'text/html')
  byId('reached').replaceChildren(...told.body.childNodes)
  drawStreets(response.ok ? `/api${address}/streets?${new URLSearchParams({...place, mode})}` : null)
  city.redraw()
  root.dataset.reach = response.ok ? 'shown' : 'refused'
}
