// What the pointer does while something is drawn: outlines, rectangles, and things that are set down whole.

import {GeoJsonEditMode} from '../bundle/editor.js'
import {angleNear} from './snapping.js'
import {across, dot, minus, planeAt, plus, times, turned, unit} from './plane.js'

const feature = (geometry, properties) => ({type: 'Feature', properties, geometry})
const handle = (coordinates, index) => feature(
  {type: 'Point', coordinates},
  {guideType: 'editHandle', editHandleType: 'existing', featureIndex: -1, positionIndexes: [index]},
)

/** What all modes share: the places set so far, the pointer, and whom to tell. */
class Drawing extends GeoJsonEditMode {
  /** onDone: is handed the geometry. onChange: is told that the picture is another. */
  constructor({onDone, onChange, ...how}) {
    super()
    Object.assign(this, {onDone, onChange, how, places: [], pointer: null})
  }

  handlePointerMove({mapCoords}, props) {
    props.onUpdateCursor('crosshair')
    this.pointer = mapCoords
    this.onChange()
  }

  handleKeyUp() {} // keys are the page's: the canvas need not have the focus

  takeBack() {
    this.places.pop()
    this.onChange()
  }

  cancel() {
    this.places = []
    this.onChange()
  }

  finish() {
    const geometry = this.geometry(this.places)
    if (!geometry) return
    this.places = []
    this.onDone(geometry)
  }

  /** What would be there if the pointer were a place: null while it is nothing yet. */
  tentative() {
    return this.geometry(this.pointer ? [...this.places, this.pointer] : this.places)
  }

  getGuides() {
    const drawn = this.pointer ? [...this.places, this.pointer] : this.places
    const shape = this.tentative() ?? (drawn.length > 1 ? {type: 'LineString', coordinates: drawn} : null)
    const guides = shape ? [feature(shape, {guideType: 'tentative'})] : []
    return {type: 'FeatureCollection', features: [...guides, ...this.places.map(handle)]}
  }
}

const picked = picks => picks.find(({isGuide}) => isGuide)?.object.properties.positionIndexes[0]

/** A polygon or, with `open`, a line, corner by corner; with `square` each corner is a right angle. */
export class Outline extends Drawing {
  handlePointerMove(event, props) {
    super.handlePointerMove({mapCoords: this.squared(event.mapCoords)}, props)
  }

  handleClick({mapCoords, picks}) {
    const again = picked(picks)
    const ends = this.how.open ? [this.places.length - 1] : [0, this.places.length - 1]
    if (this.places.length > (this.how.open ? 1 : 2) && ends.includes(again)) return this.finish()
    if (again === undefined) this.places.push(this.squared(mapCoords))
    this.onChange()
  }

  squared(place) {
    if (!this.how.square || this.places.length < 2) return place
    const {flat, round} = planeAt(this.places[0])
    const [a, b, spot] = [this.places.at(-2), this.places.at(-1), place].map(flat)
    const way = unit(minus(b, a))
    const ways = [way, across(way)].map(along => times(along, dot(minus(spot, b), along)))
    const [straight, sideways] = ways.map(step => Math.hypot(...step))
    return round(plus(b, ways[straight > sideways ? 0 : 1]))
  }

  /** With right angles the last corner follows from the others: nobody need click it. */
  closed(places) {
    if (!this.how.square || places.length < 3) return places
    const {flat, round} = planeAt(places[0])
    const [first, second, before, last] = [places[0], places[1], places.at(-2), places.at(-1)].map(flat)
    const way = unit(minus(second, first))
    const corner = round(plus(first, times(across(way), dot(minus(last, first), across(way)))))
    const isAlong = Math.abs(dot(unit(minus(last, before)), way)) > 0.5
    return isAlong ? [...places.slice(0, -1), corner] : [...places, corner]
  }

  geometry(places) {
    if (this.how.open) return places.length > 1 ? {type: 'LineString', coordinates: places} : null
    if (places.length < 3) return null
    const ring = this.closed(places)
    return {type: 'Polygon', coordinates: [[...ring, ring[0]]]}
  }
}

/** A rectangle in three clicks: along its front, then as deep as it is. */
export class Rectangle extends Drawing {
  handleClick({mapCoords}) {
    this.places.push(mapCoords)
    if (this.places.length === 3) this.finish()
    this.onChange()
  }

  geometry(places) {
    if (places.length < 3) return null
    const {flat, round} = planeAt(places[0])
    const [a, b, c] = places.map(flat)
    const aside = across(unit(minus(b, a)))
    const deep = times(aside, dot(minus(c, b), aside))
    const ring = [a, b, plus(b, deep), plus(a, deep)].map(round)
    return {type: 'Polygon', coordinates: [[...ring, ring[0]]]}
  }
}

/** A thing that is set down whole: a copy, a type from the library, a tree. It lies along the nearest edge. */
export class Stamp extends Drawing {
  angle = 0

  /** how.polygons: rings in metres around the middle, the outline first; without them it is a single place. */
  handlePointerMove(event, props) {
    const found = this.how.aligned ? angleNear(event.mapCoords) : null
    if (found !== null && !this.isTurned) this.angle = found
    super.handlePointerMove(event, props)
  }

  handleClick({mapCoords}) {
    this.places = [mapCoords]
    this.finish()
  }

  turn(angle) {
    this.isTurned = true
    this.angle += angle
    this.onChange()
  }

  geometry(places) {
    if (!places.length) return null
    const place = places.at(-1)
    if (!this.how.polygons) return {type: 'Point', coordinates: place}
    const {round} = planeAt(place)
    const laid = ring => [...ring, ring[0]].map(corner => round(turned(corner, this.angle)))
    const polygons = this.how.polygons.map(rings => rings.map(laid))
    if (polygons.length === 1) return {type: 'Polygon', coordinates: polygons[0]}
    return {type: 'MultiPolygon', coordinates: polygons}
  }
}
