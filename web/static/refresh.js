// After a change in the store, only the tiles that it touches are fetched again; what is on the screen stays until then.

const ON_HOUSES = new Set(['buildings', 'vacancies']) // an empty house bears its colour
const BODIES = {buildings: ON_HOUSES, trees: new Set(['trees'])}
const MARGIN = 200 // metres to which a change reaches in the land: shadows, edges of tiles
const METRES = 111320 // of a degree of latitude
const changes = [] // {layer, bounds, change} since the page was opened
let view

export function wireRefresh(wired) {
  view = wired
}

/**
 * Draws anew what a change touches. layer: its name; bounds: west, south, east, north of what was there and what is;
 * change: its number in the diary. Answers when all is there: what stands comes first, then its shadow on the land.
 */
export async function refresh({layer, bounds, change}) {
  changes.push({layer, bounds, change})
  dispatchEvent(new CustomEvent('city-changed', {detail: {layer, bounds}}))
  const kinds = view.layerManager.getLayers().filter(one => one.state?.tileset && shows(one.id, layer))
  const isLand = one => one.id === 'land'
  await Promise.all(kinds.filter(one => !isLand(one)).map(one => reload(one, bounds)))
  await Promise.all(kinds.filter(isLand).map(one => reload(one, bounds)))
}

/** What the address of a tile bears so that no cache answers with what was there before a change. */
export function changeIn(kind, box) {
  const last = changes.findLast(one => isTouched(kind, one, box))
  return last ? `&change=${last.change}` : ''
}

/** Whether a change may be seen in a tile. */
export const isTouched = (kind, {layer, bounds}, box) => shows(kind, layer) && touches(kind, bounds, box)

function shows(kind, layer) {
  if (kind in BODIES) return BODIES[kind].has(layer)
  return kind === 'land' || layer !== 'buildings' // which no pin marks
}

function touches(kind, [west, south, east, north], box) {
  const up = kind === 'buildings' || kind === 'trees' ? 0 : MARGIN / METRES
  const out = up / Math.cos((south * Math.PI) / 180)
  return box.west <= east + out && west - out <= box.east && box.south <= north + up && south - up <= box.north
}

/** Tiles that are seen stay until the answer is there; the others are asked for anew when they come into sight. */
async function reload(layer, bounds) {
  const touched = layer.state.tileset.tiles.filter(tile => touches(layer.id, bounds, tile.bbox))
  for (const tile of touched) tile.setNeedsReload()
  layer.setNeedsUpdate()
  layer.context.layerManager.updateLayers()
  await Promise.all(touched.map(tile => tile.data))
}
