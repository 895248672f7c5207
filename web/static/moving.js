// While the view moves, a processor draws fewer pixels: what moves is not looked at closely.

import {isSparing} from './graphics.js'

const REST = 200 // milliseconds
let resting

export function wireMoving(view) {
  if (!isSparing) return
  view.setProps({
    onInteractionStateChange: ({isDragging, isPanning, isRotating, isZooming, inTransition}) => {
      clearTimeout(resting)
      if (isDragging || isPanning || isRotating || isZooming || inTransition) sharpen(view, 0.5)
      else resting = setTimeout(() => sharpen(view, 1), REST)
    },
  })
}

function sharpen(view, ratio) {
  if (view.props.useDevicePixels !== ratio) view.setProps({useDevicePixels: ratio})
}
