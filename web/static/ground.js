// How high the ground lies in the scene, as the tiles that are drawn tell it.

import {STEPS} from './tile.js'

/** Metres in the scene at a place; null where no tile of the land is there yet. */
export function groundAt(view, longitude, latitude) {
  let best = null
  for (const tile of landTiles(view)) {
    const u = (longitude - tile.origin[0]) / tile.span[0]
    const v = (latitude - tile.origin[1]) / tile.span[1]
    if (Math.abs(u) <= 1 && Math.abs(v) <= 1 && !(best && best.tile.metres <= tile.metres)) best = {tile, u, v}
  }
  return best && heightIn(best)
}

/** Where the line of sight through a pixel meets the ground: [longitude, latitude, height]. */
export function groundUnder(view, [x, y]) {
  const viewport = view.getViewports()[0]
  let height = 0
  let place
  for (let turn = 0; turn < 5; turn++) {
    place = viewport.unproject([x, y], {targetZ: height})
    const found = groundAt(view, place[0], place[1]) ?? 0
    if (Math.abs(found - height) < 0.1) break
    height = found
  }
  return [place[0], place[1], height]
}

function landTiles(view) {
  const land = view.layerManager?.getLayers().find(layer => layer.id === 'land')
  return (land?.state?.tileset?.tiles ?? []).map(tile => tile.content).filter(content => content?.heights)
}

function heightIn({tile, u, v}) {
  const across = tile.steps + 1
  const column = ((u + 1) / 2) * tile.steps
  const row = ((1 - v) / 2) * tile.steps
  const [i, j] = [Math.min(Math.floor(column), tile.steps - 1), Math.min(Math.floor(row), tile.steps - 1)]
  const [s, t] = [column - i, row - j]
  const at = (down, right) => tile.heights[down * across + right]
  const mixed = at(j, i) * (1 - s) * (1 - t) + at(j, i + 1) * s * (1 - t) + at(j + 1, i) * (1 - s) * t + at(j + 1, i + 1) * s * t
  return mixed / STEPS
}

const CLEARANCE = 3 // metres
const EYE = 1.5 // screen heights between the eye and the middle of the picture: deck.gl's own

/** The view, raised where its eye would lie under the ground. */
export function aboveGround(view, state) {
  let {pitch, zoom} = state
  const isUnder = () => {
    const eye = eyeOf({...state, pitch, zoom})
    const ground = groundAt(view, eye.longitude, eye.latitude)
    return ground !== null && eye.height < ground + CLEARANCE
  }
  while (pitch > 0 && isUnder()) pitch = Math.max(0, pitch - 2)
  while (zoom > 9 && isUnder()) zoom -= 0.2
  return pitch === state.pitch && zoom === state.zoom ? state : {...state, pitch, zoom}
}

function eyeOf({longitude, latitude, zoom, pitch, bearing}) {
  const [tilt, turn] = [(pitch * Math.PI) / 180, (bearing * Math.PI) / 180]
  const metresPerDegree = 111320
  const shrink = Math.cos((latitude * Math.PI) / 180)
  const away = (EYE * innerHeight * 40075016.686 * shrink) / (512 * 2 ** zoom)
  const back = away * Math.sin(tilt)
  return {
    longitude: longitude - (back * Math.sin(turn)) / (metresPerDegree * shrink),
    latitude: latitude - (back * Math.cos(turn)) / metresPerDegree,
    height: away * Math.cos(tilt),
  }
}
