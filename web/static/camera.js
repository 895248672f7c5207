// The camera: where it starts, the buttons that move it, and where it is.

import {cameraAsked, rememberCamera} from './address.js'
import {aboveGround} from './ground.js'

const byId = id => document.getElementById(id)
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
const TILTS = [0, 35, 56, 72]
let now
let home
let move
let lead
let flying = false // who raises the eye in flight, stops it there

/** first: the view that shows the town on a wide screen. Returns the view to start with. */
export function startingView(first) {
  const across = Math.min(innerWidth, innerHeight * 1.6) // a narrow screen shows rather less, and larger
  home = {...first, zoom: first.zoom + 0.6 * Math.log2(across / 1300)}
  now = {...home, ...cameraAsked()}
  return now
}

export function wireCamera(view) {
  move = (changed, duration = 350) => {
    now = {...aboveGround(view, {...now, ...changed}), transitionDuration: calm ? 0 : duration}
    view.setProps({initialViewState: {...now}})
    noted(now, calm)
  }
  lead = camera => {
    now = {...now, ...camera, transitionDuration: 0}
    view.setProps({initialViewState: {...now}})
    rememberCamera(now)
  }
  byId('closer').onclick = () => move({zoom: Math.min(now.zoom + 0.8, 21)})
  byId('farther').onclick = () => move({zoom: Math.max(now.zoom - 0.8, 9)})
  byId('tilt').onclick = () => move({pitch: TILTS.find(tilt => tilt > now.pitch + 1) ?? TILTS[0]})
  byId('north').onclick = () => move({bearing: 0})
  byId('home').onclick = () => move(home)
  view.setProps({
    onViewStateChange: ({viewState}) => noted((now = flying ? viewState : aboveGround(view, viewState))),
    onInteractionStateChange: state => {
      flying = Boolean(state.inTransition)
      dispatchEvent(new CustomEvent('camera-state', {detail: state}))
    },
  })
  // The ground comes after the view.
  addEventListener('city-drawn', () => !flying && aboveGround(view, now) !== now && move({}))
}

/** Somewhere else in the same light: longitude, latitude, zoom. */
export const flyTo = place => move({...place, pitch: Math.min(now.pitch, 56)})

/** The same, as a story tells it; duration: milliseconds. */
export const flyAs = (camera, duration) => move(camera, duration)

/** Where another view looks: it is not told back. */
export const follow = camera => lead(camera)

/** isThere: not still on its way. */
function noted(viewState, isThere = true) {
  rememberCamera(viewState)
  dispatchEvent(new CustomEvent('camera-moved', {detail: isThere ? viewState : null}))
  byId('north').firstElementChild.style.transform = `rotate(${-viewState.bearing}deg)`
  return viewState
}
