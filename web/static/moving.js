// While the view moves, a processor draws fewer pixels and nothing new: what moves is not looked at closely.

import {isSparing} from './graphics.js'

const REST = 200 // milliseconds
const [SHARP, COARSE] = [1, 0.5] // pixels drawn for each of the page's
let resting

export const motion = {is: false} // always false where a graphics card draws

export function wireMoving(view) {
  if (!isSparing) return
  addEventListener('camera-state', ({detail: {isDragging, isPanning, isRotating, isZooming, inTransition}}) => {
    clearTimeout(resting)
    if (isDragging || isPanning || isRotating || isZooming || inTransition) move(view, true)
    else resting = setTimeout(() => move(view, false), REST)
  })
}

function move(view, is) {
  if (motion.is === is) return
  motion.is = is
  view.setProps({useDevicePixels: is ? COARSE : SHARP})
  if (!is) view.redraw('sharp again') // where nothing else would: the last frame of the way is coarse
}
