// The layer above the city on which is drawn: what is edited, what it would look like, and the guides of the mode.

import {EditableGeoJsonLayer} from '../bundle/editor.js'
import {groundUnder} from '../ground.js'
import {long, placesOf, planeAt, polygonsOf} from './plane.js'
import {snapped} from './snapping.js'

const {CompositeLayer, SolidPolygonLayer, PathLayer} = window.deck

const REACH = 12 // pixels within which a corner is meant
const NEW = [37, 99, 184]
const WHITE = [255, 255, 255]

/** What is drawn now. The page's modules change it, then call `redrawn`. */
export const drawn = {
  mode: null, // of editable-layers; null: nothing is being drawn
  features: [], // GeoJSON that the mode edits
  bodies: [], // {geometry, height}: as they would stand
  kept: [], // the same of what waits to be sent
  base: 0, // metres: the height in the scene on which is drawn
  view: null,
  snap: {kind: '', place: null},
  pressed: [0, 0], // the pixel at which the pointer went down
  isFree: false, // while Alt is held nothing catches
  onEdit: () => {},
}

let current = null

export const redrawn = () => current?.setNeedsUpdate()

const standing = () => [...drawn.bodies, ...drawn.kept]

/** How many metres of the ground one pixel shows at a place. */
function metresPerPixel(place) {
  const viewport = drawn.view.getViewports()[0]
  const [x, y] = viewport.project([...place, drawn.base])
  return long(planeAt(place).flat(viewport.unproject([x + 1, y], {targetZ: drawn.base})))
}

/** Where the pointer is on the ground, or on the level of what was begun; caught by edges near it. */
export function placeUnder(pixel, places = []) {
  const {view} = drawn
  if (!places.length && drawn.mode && !drawn.features.length) drawn.base = groundUnder(view, pixel)[2]
  const place = view.getViewports()[0].unproject(pixel, {targetZ: drawn.base}).slice(0, 2)
  drawn.snap = drawn.isFree ? {place, kind: ''} : snapped(place, REACH * metresPerPixel(place), places)
  return drawn.snap.place
}

class DrawingLayer extends EditableGeoJsonLayer {
  _onclick() {} // deck.gl's own loses clicks while the picture is slow: they come by clickAt

  /** A drag begins where the pointer went down, not where it was when deck.gl took notice. */
  _onpanstart(event) {
    const [x, y] = drawn.pressed
    super._onpanstart(Object.create(event, {offsetCenter: {value: {x, y}}}))
  }

  getMapCoords(pixel) {
    return placeUnder(pixel, drawn.mode?.places)
  }

  /** What the pointer is at, by reckoning: a question to the graphics card would cost a drawing of the city. */
  getPicks(pixel) {
    const viewport = this.context.viewport
    const away = place => {
      const [x, y] = viewport.project([place[0], place[1], drawn.base])
      return Math.hypot(x - pixel[0], y - pixel[1])
    }
    const guides = this.state?.mode.getGuides(this.getModeProps(this.props)).features ?? []
    const handles = guides.filter(({properties, geometry}) =>
      properties.guideType === 'editHandle' && away(geometry.coordinates) < REACH)
    handles.sort((one, other) => away(one.geometry.coordinates) - away(other.geometry.coordinates))
    const picks = handles.map(object => ({isGuide: true, object, index: guides.indexOf(object)}))
    return [...picks, ...drawn.features.map((object, index) => ({object, index}))]
  }
}
DrawingLayer.layerName = 'DrawingLayer'

/** A click of the mouse, a tap, at a pixel of the view. */
export function clickAt(pixel, srcEvent) {
  const layer = current?.getSubLayers().find(each => each instanceof DrawingLayer)
  layer?.onLayerClick(layer.toBasePointerEvent({offsetCenter: {x: pixel[0], y: pixel[1]}, srcEvent}))
}

/** Registered with pydeck's converter: the page's spec names it, and what it shows is found in `drawn`. */
export class EditingLayer extends CompositeLayer {
  initializeState() {
    current = this
  }

  updateState(parameters) {
    super.updateState(parameters)
    current = this
  }

  renderLayers() {
    return [...(drawn.bodies.length || drawn.kept.length ? [this.bodies(), this.outlines()] : []), this.drawing()]
  }

  /** Prisms over the outlines, as solid as what they will be. */
  bodies() {
    const data = standing().flatMap(({geometry, height}) => polygonsOf(geometry).map(rings => ({rings, height})))
    return new SolidPolygonLayer(this.getSubLayerProps({id: 'bodies'}), {
      data,
      extruded: true,
      wireframe: true,
      getPolygon: ({rings}) => rings.map(ring => [...ring, ring[0]].map(([x, y]) => [x, y, drawn.base])),
      getElevation: ({height}) => height,
      getFillColor: [...NEW, 150],
      getLineColor: [255, 255, 255, 220],
      updateTriggers: {getPolygon: drawn.base},
    })
  }

  /** The edges of the tops, also where a house stands before them. */
  outlines() {
    const tops = standing().flatMap(({geometry, height}) => polygonsOf(geometry).flat().map(ring =>
      [...ring, ring[0]].map(([x, y]) => [x, y, drawn.base + height])))
    return new PathLayer(this.getSubLayerProps({id: 'tops'}), {
      data: tops,
      getPath: path => path,
      getColor: NEW,
      getWidth: 2,
      widthUnits: 'pixels',
      parameters: {depthCompare: 'always'},
    })
  }

  drawing() {
    if (!drawn.mode) return null
    return new DrawingLayer(this.getSubLayerProps({id: 'drawing'}), {
      data: {type: 'FeatureCollection', features: drawn.features},
      selectedFeatureIndexes: drawn.features.map((_, index) => index),
      mode: drawn.mode,
      onEdit: drawn.onEdit,
      modelMatrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, drawn.base, 1],
      parameters: {depthCompare: 'always'},
      getLineColor: NEW,
      getFillColor: [...NEW, 50],
      getLineWidth: 2.5,
      lineWidthScale: 1,
      getTentativeLineColor: NEW,
      getTentativeFillColor: [...NEW, 60],
      getTentativeLineWidth: 2.5,
      getEditHandlePointColor: ({properties}) => (properties.editHandleType === 'existing' ? WHITE : [...NEW, 180]),
      getEditHandlePointOutlineColor: NEW,
      getEditHandlePointRadius: 6,
    })
  }
}
EditingLayer.layerName = 'EditingLayer'


/** The height in the scene under the lowest place of a geometry. */
export const lowest = (geometry, groundAt) =>
  Math.min(...placesOf(geometry).map(([longitude, latitude]) => groundAt(drawn.view, longitude, latitude) ?? 0))
