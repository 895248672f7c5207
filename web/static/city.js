// The city's layers as pydeck names them: each fetches its tiles and hands them to the layers that draw.

import {backdropOf} from './basemap.js'
import {colorOfKind, isComparing, kindOf} from './differing.js'
import {emphasised, isFiltered, matches, SELECTED, standsOut} from './emphasis.js'
import {fineness, refine, sizeOf} from './fineness.js'
import {isSparing} from './graphics.js'
import {changeIn} from './refresh.js'
import {fetchTile, positions, STEPS} from './tile.js'
import {GroundLayer, MeshLayer, pickingColors, TreeLayer} from './layers.js'
import {paint} from './painting.js'
import {pins} from './pins.js'

const {COORDINATE_SYSTEM, IconLayer, TileLayer} = window.deck

const WALL = 0
const ROOF = 1
const STATUSES = [[8, 'new'], [4, 'changed'], [2, 'empty'], [1, 'estimated']] // bits, as in web/drawn/buildings.py

const failed = new Set()

/** The tiles that failed are asked for once more; all others stay as they are. */
export function retryFailed(view) {
  for (const tile of failed) tile.setNeedsReload()
  failed.clear()
  for (const layer of view.layerManager.getLayers()) if (layer.state?.tileset) layer.setNeedsUpdate()
}

class CityTiles extends TileLayer {
  getTileData({index, bbox, signal}) {
    const url = this.props.data.replace(/\{([xyz])\}/g, (_, axis) => index[axis]) + changeIn(this.props.id, bbox)
    return fetchTile(url, signal).then(tile => (signal?.aborted ? null : this.prepare(tile)))
  }

  prepare(tile) {
    return tile
  }

  _onTileError(error, tile) {
    failed.add(tile)
    dispatchEvent(new CustomEvent('tile-failed', {detail: error.message}))
    super._onTileError(error, tile)
  }

  /** What all layers of a tile have in common. */
  place(props, part) {
    const {data: tile, pickable, visible, opacity} = props
    return {
      id: `${props.id}-${part}`,
      coordinateSystem: COORDINATE_SYSTEM.LNGLAT_OFFSETS,
      coordinateOrigin: [...tile.origin, 0],
      data: [],
      pickable,
      visible,
      opacity,
    }
  }
}
CityTiles.layerName = 'CityTiles'
CityTiles.defaultProps = {
  style: {type: 'object', value: {}, compare: 3},
  coloured: '', // the layer, field and scale by which it is coloured
  shown: {type: 'array', value: [], compare: true},
  tint: {type: 'array', value: [1, 1, 1], compare: true},
  emphasis: 0, // grows when other features stand out
  strengths: {type: 'object', value: {}, compare: 2}, // layer -> opacity, where it is not full
  backdrop: '', // which map of others lies under the land, and how much of it has come
  sharpness: 8, // of the land where it lies flat to the eye
  onTileError: {type: 'function', value: () => {}}, // the page is told by tile-failed
  refinementStrategy: 'no-overlap',
  maxRequests: 24, // the browser asks for fewer at a time, and those that wait for company count too
}

export class BuildingTiles extends CityTiles {
  Body = MeshLayer

  prepare(tile) {
    return {...tile, positions: positions(tile, tile.places), picking: pickingColors(tile.owners)}
  }

  renderSubLayers(props) {
    const {data: tile, style, tint} = props
    if (!tile || tile.owners.length === 0) return null
    const colors = {value: buildingColors(tile, style, tint), size: 4, normalized: true}
    return new this.Body(this.place(props, 'mesh'), {
      layerName: 'buildings',
      uids: tile.uids,
      mesh: {
        attributes: {
          positions: {value: tile.positions, size: 3},
          colors,
          pickingColors: {value: tile.picking, size: 3},
        },
      },
    })
  }
}
BuildingTiles.layerName = 'BuildingTiles'

/** What a face is turned to stands in the place of its opacity: its light changes with the sun. */
function buildingColors({kinds, facings, owners, flags, classes, uids}, style, tint) {
  const palettes = emphasised('buildings', uids, Array.from(flags, (flag, i) =>
    isComparing() ? style[kindOf('buildings', uids[i]) ?? 'existing'] : classes ? style.classes?.[classes[i]] ?? style.unknown :
      style[STATUSES.find(([bit]) => flag & bit)?.[1] ?? 'existing']))
  const colors = new Uint8Array(kinds.length * 4)
  for (let i = 0; i < kinds.length; i++) {
    const palette = palettes[owners[i]]
    const color = kinds[i] === WALL ? palette.wall : kinds[i] === ROOF ? palette.roof : palette.flat
    for (let part = 0; part < 3; part++) colors[i * 4 + part] = Math.min(255, color[part] * tint[part])
    colors[i * 4 + 3] = facings[i]
  }
  return colors
}

export class LandTiles extends CityTiles {
  prepare(tile) {
    return {...tile, mesh: groundMesh(tile)}
  }

  renderLayers() {
    fineness.late = false
    return super.renderLayers()
  }

  renderSubLayers(props) {
    const {data: tile} = props
    if (!tile) return null
    const {strengths} = props
    const backdrop = props.backdrop ? backdropOf(tile, props.tile.index) : null
    const size = Math.max(tile.size ?? 0, this.sizeOf(props.tile))
    const key = JSON.stringify([props.shown, props.tint, props.coloured, strengths, backdrop && props.backdrop])
    tile.paint = wanted => {
      const {style, tint} = props
      tile.painting = paint(tile, {size: wanted, style, tint, strengths, backdrop, shown: new Set(props.shown)})
      tile.size = wanted
    }
    if (tile.paintedFor !== key || tile.size !== size) tile.paint(size)
    tile.paintedFor = key
    return new GroundLayer(this.place(props, 'ground'), {
      mesh: tile.mesh,
      painting: tile.painting,
      textureParameters: {maxAnisotropy: props.sharpness, mipmapFilter: isSparing ? 'nearest' : 'linear'},
      land: tile,
      size,
      sharpness: props.sharpness,
      casters: props.shown.filter(name => name === 'buildings' || name === 'trees'),
    })
  }

  getSubLayerPropsByTile(tile) {
    const {content, layers} = tile
    if (!content?.painting || !layers) return null // those that are about to be made have their own
    const wanted = this.sizeOf(tile)
    refine(this, content, wanted, () => content.paint(wanted))
    return {painting: content.painting, size: content.size}
  }

  sizeOf({bbox}) {
    return sizeOf(this.context.viewport, bbox, this.context.deck.props.useDevicePixels)
  }
}
LandTiles.layerName = 'LandTiles'

const COARSE = 16 // steps across a tile that a processor draws

/** The terrain's grid as triangles, with a skirt that hides the seams between tiles of different zoom. */
function groundMesh(full) {
  const tile = isSparing && full.steps > COARSE ? coarser(full, full.steps / COARSE) : full
  const across = tile.steps + 1
  const skirt = tile.steps > 1 ? tile.metres / 12 : 0
  const around = across + 2
  const at = (row, column) => clamp(row, across) * across + clamp(column, across)
  const place = new Float32Array(around * around * 3)
  const texture = new Float32Array(around * around * 2)
  const shades = new Float32Array(around * around)
  for (let j = 0; j < around; j++) {
    for (let i = 0; i < around; i++) {
      const [row, column] = [clamp(j - 1, across), clamp(i - 1, across)]
      const edge = j === 0 || i === 0 || j === around - 1 || i === around - 1
      const k = j * around + i
      place[k * 3] = ((2 * column) / tile.steps - 1) * tile.span[0]
      place[k * 3 + 1] = (1 - (2 * row) / tile.steps) * tile.span[1]
      place[k * 3 + 2] = tile.heights[row * across + column] / STEPS - (edge ? skirt : 0)
      texture[k * 2] = column / tile.steps
      texture[k * 2 + 1] = row / tile.steps
      const cell = (2 * tile.metres) / tile.steps
      const east = (tile.heights[at(row, column + 1)] - tile.heights[at(row, column - 1)]) / STEPS / cell
      const south = (tile.heights[at(row + 1, column)] - tile.heights[at(row - 1, column)]) / STEPS / cell
      shades[k] = Math.min(1.1, Math.max(0.72, 1 + 0.9 * (east - south) * 0.5))
    }
  }
  return {
    attributes: {
      positions: {value: place, size: 3},
      texCoords: {value: texture, size: 2},
      shades: {value: shades, size: 1},
    },
    indices: {value: gridIndices(around), size: 1},
  }
}

/** Each so manieth node of the grid. */
function coarser({steps, heights, ...tile}, stride) {
  const across = steps / stride + 1
  const place = i => Math.floor(i / across) * stride * (steps + 1) + (i % across) * stride
  return {...tile, steps: across - 1, heights: Int16Array.from({length: across ** 2}, (_, i) => heights[place(i)])}
}

const clamp = (value, across) => Math.min(Math.max(value, 0), across - 1)

function gridIndices(across) {
  const indices = new Uint16Array((across - 1) ** 2 * 6)
  let k = 0
  for (let j = 0; j + 1 < across; j++) {
    for (let i = 0; i + 1 < across; i++) {
      const here = j * across + i
      indices.set([here, here + across, here + 1, here + 1, here + across, here + across + 1], k)
      k += 6
    }
  }
  return indices
}

export class TreeTiles extends CityTiles {
  Body = TreeLayer

  prepare(tile) {
    const order = Uint32Array.from(tile.uids, (_, i) => i)
    const instances = {
      instancePositions: positions(tile, tile.places),
      instanceSizes: Float32Array.from(tile.sizes, size => size / 10),
      instancePickingColors: pickingColors(order),
    }
    return {...tile, instances}
  }

  renderSubLayers(props) {
    const {data: tile, tint, style} = props
    if (!tile || tile.uids.length === 0) return null
    const instances = {...filteredTrees(tile), instanceColors: treeColors(tile, style, tint)}
    tile.looks = {near: {shape: treeShape(NEAR, tint), instances}, far: {shape: treeShape(FAR, tint), instances}}
    return new this.Body(this.place(props, 'trees'), {
      mesh: this.seen(tile),
      layerName: 'trees',
      uids: tile.uids,
      numInstances: tile.uids.length,
      parameters: {cullMode: 'back'}, // half of each tree is turned away
    })
  }

  getSubLayerPropsByTile({content}) {
    return content?.looks ? {mesh: this.seen(content)} : null
  }

  seen({looks}) {
    return isSparing && this.context.viewport.zoom < ROUND_FROM ? looks.far : looks.near
  }
}
TreeTiles.layerName = 'TreeTiles'

/** Trees that a filter takes away have no size. */
function filteredTrees({instances, uids}) {
  if (!isFiltered('trees')) return instances
  const sizes = instances.instanceSizes.map((size, i) => (matches('trees', uids[i >> 1]) ? size : 0))
  return {...instances, instanceSizes: sizes}
}

/** Of each crown, with how far it takes the place of the leaves' own: selected, by a field, or because it differs. */
function treeColors({uids, classes}, style, tint) {
  const colors = new Uint8Array(uids.length * 4)
  uids.forEach((uid, i) => {
    const color = standsOut('trees', uid) ? SELECTED.roof : colorOfKind(kindOf('trees', uid)) ??
      (classes && (style.classes?.[classes[i]] ?? style.unknown))
    if (color) colors.set([...tinted(color, tint), 255], i * 4)
  })
  return colors
}

const ROUND_FROM = 16.6 // the zoom from which on a processor draws round trees too
// radius, height: 1 high, 1 wide
const NEAR = {
  sides: 7,
  trunk: [[0.06, -0.1], [0.045, 0.35]],
  crown: [[0, 0.22], [0.34, 0.32], [0.5, 0.55], [0.4, 0.8], [0.16, 0.96], [0, 1]],
}
const FAR = {sides: 5, trunk: [[0.06, -0.1], [0, 0.6]], crown: [[0, 0.2], [0.5, 0.52], [0, 1]]}

/** A trunk and a crown, turned; neighbouring faces share their corners, or each corner would be computed six times. */
function treeShape({sides, trunk, crown}, tint) {
  const shape = {corners: [], colors: [], normals: [], indices: []}
  turn(shape, trunk, sides, [...tinted([128, 106, 84], tint), 0])
  turn(shape, crown, sides, [...tinted([150, 180, 122], tint), 255])
  return {
    attributes: {
      positions: {value: new Float32Array(shape.corners), size: 3},
      colors: {value: new Uint8Array(shape.colors), size: 4, normalized: true},
      normals: {value: new Float32Array(shape.normals), size: 3},
    },
    indices: {value: new Uint16Array(shape.indices), size: 1},
  }
}

const tinted = (color, tint) => color.map((part, i) => Math.min(255, part * tint[i]))

/** Adds what a profile sweeps over as it turns about its axis. color: red, green, blue, and how far a field's own takes its place. */
function turn({corners, colors, normals, indices}, profile, sides, color) {
  const starts = profile.map(([radius, height], i) => {
    const start = corners.length / 3
    const [[below, bottom], [above, top]] = [profile[Math.max(i - 1, 0)], profile[Math.min(i + 1, profile.length - 1)]]
    const length = Math.hypot(top - bottom, above - below)
    const [out, up] = radius ? [(top - bottom) / length, (below - above) / length] : [0, i ? 1 : -1]
    for (let side = 0; side < (radius ? sides : 1); side++) {
      const [east, north] = [Math.cos, Math.sin].map(of => of((2 * Math.PI * side) / sides))
      corners.push(radius * east, radius * north, height)
      normals.push(out * east, out * north, up)
      colors.push(...color)
    }
    return start
  })
  const at = (i, side) => starts[i] + (profile[i][0] ? side % sides : 0)
  for (let i = 0; i + 1 < profile.length; i++) {
    for (let side = 0; side < sides; side++) {
      if (profile[i][0]) indices.push(at(i, side), at(i, side + 1), at(i + 1, side))
      if (profile[i + 1][0]) indices.push(at(i + 1, side), at(i, side + 1), at(i + 1, side + 1))
    }
  }
}

export class MarkerTiles extends CityTiles {
  prepare(tile) {
    const place = positions(tile, tile.places)
    let i = 0
    const marks = tile.groups.flatMap(({layer, uids, classes, fills}) =>
      uids.map((uid, k) => ({layer, uid, kind: classes[k], fill: fills?.[k], position: [...place.subarray(3 * i, 3 * i++ + 3)]})))
    return {...tile, marks}
  }

  renderSubLayers(props) {
    const {data: tile, style, shown, strengths} = props
    const marks = tile?.marks.filter(mark => shown.includes(mark.layer) && style[mark.layer] && matches(mark.layer, mark.uid))
    if (!marks?.length) return null
    const {canvas, mapping} = pins(style)
    const pinned = (part, data, size, least) => new IconLayer(this.place(props, part), {
      data,
      iconAtlas: canvas,
      iconMapping: mapping,
      getIcon: mark => [`${mark.layer}/#${mark.fill}`, `${mark.layer}/${mark.kind}`].find(name => name in mapping) ?? `${mark.layer}/`,
      getColor: mark => [255, 255, 255, 255 * (strengths[mark.layer] ?? 1)],
      getPosition: mark => mark.position,
      getSize: size,
      sizeUnits: 'meters',
      sizeMinPixels: least,
      sizeMaxPixels: 38,
      parameters: {depthCompare: 'always'}, // a mark behind a house is still a mark
    })
    // Vacancies are many, and their houses bear the colour too: from afar their pins vanish.
    const isMany = mark => mark.layer === 'vacancies'
    return [
      pinned('many', marks.filter(isMany), 8, 0),
      pinned('few', marks.filter(mark => !isMany(mark)), 15, 9),
    ]
  }
}
MarkerTiles.layerName = 'MarkerTiles'
