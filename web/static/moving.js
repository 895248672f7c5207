// At first and while the view moves, a processor draws fewer pixels, and nothing new on the way: so much is seen at once.

import {isSparing} from './graphics.js'
import {frame} from './shadows.js'

const REST = 200 // milliseconds
const SHARP = 1 // pixels drawn for each of the page's
export const COARSE = 0.5
let resting

export const motion = {is: false} // always false where a graphics card draws

/** As if it were moved by hand: another view leads it. */
export function led(view) {
  if (!isSparing) return
  clearTimeout(resting)
  move(view, true)
  resting = setTimeout(() => move(view, false), REST)
}

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
  if (is) view.setProps({useDevicePixels: COARSE})
  else sharpen(view)
}

/** What stands still, a processor draws finely: after the first picture, and after each move. */
export function sharpen(view) {
  if (motion.is || view.props.useDevicePixels !== COARSE) return
  frame.bare = false
  view.setProps({useDevicePixels: SHARP})
  view.layerManager.getLayers().find(({id}) => id === 'land')?.setNeedsUpdate()
  view.redraw('sharp') // where nothing else would
}

/** When the graphics card, or the processor in its place, has drawn what was asked of it. */
export async function whenShown({device: {gl}}) {
  const drawn = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
  gl.flush()
  do await new Promise(go => setTimeout(go, 50))
  while (gl.getSyncParameter(drawn, gl.SYNC_STATUS) === gl.UNSIGNALED && !gl.isContextLost())
  gl.deleteSync(drawn)
}
