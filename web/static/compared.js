// A comparison in the scene: a sign over each thing that differs, and hatched ghosts of those that are gone.

import {BuildingTiles, MarkerTiles, TreeTiles} from './city.js'
import {colorOfKind, kindOf, learn} from './differing.js'
import {HatchedLayer, HatchedTreeLayer} from './layers.js'
import {rgb} from './painting.js'
import {ask} from './states.js'

const {CompositeLayer, IconLayer} = window.deck
const SIGNS = {new: '+', changed: '≠', gone: '−'} // colours alone would not do
const SIDE = 64 // pixels
const PINNED = ['stops', 'facilities', 'vacancies'] // their signs stand beside their pins
const GHOSTS = {buildings: 'GhostTiles', trees: 'GhostTreeTiles', markers: 'GhostMarkerTiles'}
let atlas
let signs = [] // {layer, kind, position} of all but buildings

/** compared: where the page says what differs. Returns what is drawn besides the city. */
export async function comparedLayers({side, colors, differences, ghosts}, layers) {
  const answer = await ask(differences)
  const found = answer?.ok ? await answer.json() : []
  learn(found, colors)
  signs = found.flatMap(({layer, kind, signs: places}) => places[side].map(position => ({layer, kind, position})))
  const differ = new Set(found.map(({layer}) => layer))
  const gone = new Set(found.filter(({kind}) => kind === 'gone').map(({layer}) => (layer in GHOSTS ? layer : 'markers')))
  const specs = layers.filter(({id}) => ghosts[id] && gone.has(id)).map(spec =>
    ({...spec, '@@type': GHOSTS[spec.id], id: `ghosts-of-${spec.id}`, of: spec.id, data: ghosts[spec.id], pickable: false}))
  const buildings = layers.find(({id}) => id === 'buildings')
  if (buildings && differ.has('buildings')) {
    specs.push({...buildings, '@@type': 'SignTiles', id: 'signs', of: 'buildings', pickable: false})
  }
  return [...specs, {'@@type': 'DifferenceSigns', id: 'difference-signs', data: []}]
}

/** The buildings' own tiles once more, of which the signs alone are drawn. */
export class SignTiles extends BuildingTiles {
  renderSubLayers(props) {
    const marks = props.data ? marksOf(props.data) : []
    return marks.length ? signed(this.place(props, 'signs'), marks) : null
  }
}
SignTiles.layerName = 'SignTiles'

/** Of another scenario's buildings those that are gone in this one. */
export class GhostTiles extends SignTiles {
  Body = HatchedLayer

  prepare(tile) {
    const isGone = tile.uids.map(uid => kindOf('buildings', uid) === 'gone')
    const corners = [...tile.owners.keys()].filter(i => isGone[tile.owners[i]])
    const of = (values, width = 1) =>
      values.constructor.from(corners.flatMap(i => [...values.subarray(i * width, (i + 1) * width)]))
    const {owners, kinds, facings, places} = tile
    return super.prepare({...tile, owners: of(owners), kinds: of(kinds), facings: of(facings), places: of(places, 3)})
  }

  place(props, part) {
    return {...super.place(props, part), opacity: part === 'mesh' ? 0.8 : 1}
  }

  renderSubLayers(props) {
    return [BuildingTiles.prototype.renderSubLayers.call(this, props), super.renderSubLayers(props)]
  }
}
GhostTiles.layerName = 'GhostTiles'

/** Of another scenario's trees those that are gone in this one. */
export class GhostTreeTiles extends TreeTiles {
  Body = HatchedTreeLayer

  prepare(tile) {
    const chosen = [...tile.uids.keys()].filter(i => kindOf('trees', tile.uids[i]) === 'gone')
    const of = (values, width) =>
      values.constructor.from(chosen.flatMap(i => [...values.subarray(i * width, (i + 1) * width)]))
    return super.prepare({...tile, uids: chosen.map(i => tile.uids[i]), places: of(tile.places, 3), sizes: of(tile.sizes, 2)})
  }

  place(props, part) {
    return {...super.place(props, part), opacity: 0.8}
  }
}
GhostTreeTiles.layerName = 'GhostTreeTiles'

/** Of another scenario's pins those whose thing is gone in this one, faded. */
export class GhostMarkerTiles extends MarkerTiles {
  prepare(tile) {
    const {marks, ...rest} = super.prepare(tile)
    return {...rest, marks: marks.filter(({layer, uid}) => kindOf(layer, uid) === 'gone')}
  }

  place(props, part) {
    return {...super.place(props, part), opacity: 0.5}
  }
}
GhostMarkerTiles.layerName = 'GhostMarkerTiles'

/** The signs of all that is no building, of the layers that are shown. */
export class DifferenceSigns extends CompositeLayer {
  renderLayers() {
    const of = holds => signs.filter(({layer}) => this.props.shown.includes(layer) && holds(layer))
    const drawn = (id, data, props) => signed({...this.getSubLayerProps({id}), data, pickable: false}, data, props)
    return [
      drawn('trees', of(layer => layer === 'trees'), {getSize: 4, sizeMinPixels: 5, sizeMaxPixels: 18}),
      drawn('flat', of(layer => layer !== 'trees' && !PINNED.includes(layer)), {sizeMaxPixels: 24}),
      drawn('pinned', of(layer => PINNED.includes(layer)), {getPixelOffset: [13, -13], sizeMaxPixels: 20}),
    ]
  }
}
DifferenceSigns.layerName = 'DifferenceSigns'
DifferenceSigns.defaultProps = {shown: {type: 'array', value: [], compare: true}}

function signed(place, data, props) {
  atlas ??= drawSigns()
  return new IconLayer({
    ...place,
    data,
    iconAtlas: atlas,
    iconMapping: mapping,
    getIcon: ({kind}) => kind,
    getPosition: ({position}) => position,
    getSize: 8,
    sizeUnits: 'meters',
    sizeMinPixels: 9,
    sizeMaxPixels: 30,
    parameters: {depthCompare: 'always'}, // seen behind a house, too
    ...props,
  })
}

/** Above the middle of each building that differs. */
function marksOf({uids, owners, positions}) {
  const kinds = uids.map(uid => kindOf('buildings', uid))
  const boxes = new Map()
  owners.forEach((owner, i) => {
    if (!kinds[owner]) return
    const [x, y, z] = positions.subarray(i * 3, i * 3 + 3)
    const [west, south, east, north, top] = boxes.get(owner) ?? [x, y, x, y, z]
    boxes.set(owner, [Math.min(west, x), Math.min(south, y), Math.max(east, x), Math.max(north, y), Math.max(top, z)])
  })
  return [...boxes].map(([owner, [west, south, east, north, top]]) =>
    ({kind: kinds[owner], position: [(west + east) / 2, (south + north) / 2, top + 4]}))
}

const mapping = Object.fromEntries(Object.keys(SIGNS).map((kind, i) =>
  [kind, {x: i * SIDE, y: 0, width: SIDE, height: SIDE, mask: false}]))

function drawSigns() {
  const canvas = Object.assign(document.createElement('canvas'), {width: SIDE * 3, height: SIDE})
  const painter = canvas.getContext('2d')
  painter.font = '700 50px "Source Sans 3 Variable", sans-serif'
  painter.textAlign = 'center'
  painter.textBaseline = 'middle'
  painter.lineWidth = 7
  Object.entries(SIGNS).forEach(([kind, sign], i) => {
    const middle = (i + 0.5) * SIDE
    painter.strokeStyle = rgb(colorOfKind(kind))
    painter.fillStyle = '#fff'
    painter.beginPath()
    painter.arc(middle, SIDE / 2, SIDE / 2 - 5, 0, 2 * Math.PI)
    painter.fill()
    painter.stroke()
    painter.fillStyle = rgb(colorOfKind(kind).map(part => part * 0.8))
    painter.fillText(sign, middle, SIDE / 2 + 3)
  })
  return canvas
}
