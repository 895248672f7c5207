// Tells those who hear the page what the camera shows, once it rests: a place, how many buildings, which way it faces.

import {tellWhenAway} from './states.js'

const byId = id => document.getElementById(id)
const REST = 900 // milliseconds
let byKeyboard = true // who moves by mouse sees where it went, and the server is spared
addEventListener('pointerdown', () => (byKeyboard = false), true)
addEventListener('keydown', () => (byKeyboard = true), true)

/** view: deck's. bounds: west, south, east, north of the city. */
export function wireSeen(view, scene, bounds) {
  let resting
  const onMove = () => {
    clearTimeout(resting)
    resting = setTimeout(rest, REST)
  }
  const rest = () => {
    const viewport = view.isInitialized && view.getViewports()[0] // a story moves the camera before there is a picture
    if (!viewport) return
    tellWhenAway(viewport, bounds)
    if (byKeyboard) tell(viewport, scene)
  }
  addEventListener('camera-moved', onMove)
  addEventListener('city-drawn', onMove, {once: true})
}

async function tell(viewport, scene) {
  const {longitude, latitude, bearing} = viewport
  const [west, south, east, north] = viewport.getBounds()
  const place = Object.fromEntries(
    Object.entries({longitude, latitude, west, south, east, north}).map(([name, value]) => [name, value.toFixed(5)]))
  const asked = new URLSearchParams({...place, bearing: Math.round(((bearing % 360) + 360) % 360), lang: scene.language})
  const response = await fetch(`${scene.seen}?${asked}`).catch(() => null)
  if (response?.ok) byId('seen').textContent = (await response.json()).sentence
}
