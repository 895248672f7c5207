// What stands out in the scene: the features that a filter leaves, and those that are selected.

const PALE = {wall: [240, 238, 232], roof: [222, 219, 211], flat: [228, 225, 218]}
const IN_SPACE = new Set(['buildings', 'trees', 'stops']) // nothing of these is painted on the land
export const SELECTED = {wall: [126, 196, 190], roof: [11, 122, 120], flat: [44, 148, 144]}

let filter = null // {layer, uids: Set, without}
let selected = null // {layer, uid}
let chosen = new Map() // layer -> Set of uids
let state = 0

/** Grows with each change: deck.gl draws tiles anew when one of their props is another. */
export const emphasis = () => state

/** asked: as the address has it, layer?questions. */
export function filterBy(found, asked) {
  filter = found && {...found, asked, uids: new Set(found.uids)}
  state += 1
}

export function select(found) {
  selected = found
  state += 1
}

/** Several at once. */
export function choose(those) {
  chosen = new Map(those)
  state += 1
}

/** Whether it bears the colour of what is selected. */
export const standsOut = (layer, uid) =>
  Boolean(chosen.get(layer)?.has(uid)) || (selected?.layer === layer && selected.uid === uid)

/** The land of a filter: what is painted is told apart by the server. */
export const filtered = spec => (spec.id === 'land' && filter && !IN_SPACE.has(filter.layer)
  ? {...spec, data: `${spec.data}&filter=${encodeURIComponent(filter.asked)}`} : spec)

export const isFiltered = layer => filter?.layer === layer

export const matches = (layer, uid) => filter?.layer !== layer || filter.uids.has(uid) !== filter.without

/** The palettes of a tile's buildings: pale where a filter takes them away. */
export function emphasised(layer, uids, palettes) {
  if (!isFiltered(layer) && selected?.layer !== layer && !chosen.has(layer)) return palettes
  return palettes.map((palette, i) =>
    standsOut(layer, uids[i]) ? SELECTED : matches(layer, uids[i]) ? palette : PALE)
}
