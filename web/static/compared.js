// A comparison in the scene: a sign over each building that differs, and hatched ghosts of those that are gone.

import {BuildingTiles} from './city.js'
import {kindOf, learn} from './differing.js'
import {HatchedLayer} from './layers.js'
import {rgb} from './painting.js'
import {ask} from './states.js'

const {IconLayer} = window.deck
const SIGNS = {new: '+', changed: '≠', gone: '−'} // colours alone would not do
const SIDE = 64 // pixels
let atlas

/** compared: where the page says what differs. Returns what is drawn besides the city. */
export async function comparedLayers({differences, ghosts}, layers) {
  const answer = await ask(differences)
  const found = answer?.ok ? await answer.json() : []
  learn(found)
  const kinds = new Set(found.filter(({layer}) => layer === 'buildings').map(({kind}) => kind))
  const buildings = layers.find(({id}) => id === 'buildings')
  if (!kinds.size || !buildings) return []
  const signs = {...buildings, '@@type': 'SignTiles', id: 'signs', pickable: false}
  return ghosts && kinds.has('gone') ? [signs, {...signs, '@@type': 'GhostTiles', id: 'ghosts', data: ghosts}] : [signs]
}

/** The buildings' own tiles once more, of which the signs alone are drawn. */
export class SignTiles extends BuildingTiles {
  renderSubLayers(props) {
    const marks = props.data ? marksOf(props.data) : []
    if (!marks.length) return null
    atlas ??= drawSigns(props.style)
    return new IconLayer(this.place(props, 'signs'), {
      data: marks,
      iconAtlas: atlas,
      iconMapping: mapping,
      getIcon: ({kind}) => kind,
      getPosition: ({position}) => position,
      getSize: 8,
      sizeUnits: 'meters',
      sizeMinPixels: 9,
      sizeMaxPixels: 30,
      parameters: {depthCompare: 'always'}, // seen behind a house, too
    })
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

function drawSigns(style) {
  const canvas = Object.assign(document.createElement('canvas'), {width: SIDE * 3, height: SIDE})
  const painter = canvas.getContext('2d')
  painter.font = '700 50px "Source Sans 3 Variable", sans-serif'
  painter.textAlign = 'center'
  painter.textBaseline = 'middle'
  painter.lineWidth = 7
  Object.entries(SIGNS).forEach(([kind, sign], i) => {
    const middle = (i + 0.5) * SIDE
    painter.strokeStyle = rgb(style[kind].roof)
    painter.fillStyle = '#fff'
    painter.beginPath()
    painter.arc(middle, SIDE / 2, SIDE / 2 - 5, 0, 2 * Math.PI)
    painter.fill()
    painter.stroke()
    painter.fillStyle = rgb(style[kind].roof.map(part => part * 0.8))
    painter.fillText(sign, middle, SIDE / 2 + 3)
  })
  return canvas
}
