// What stands out in the scene: the features that a filter leaves, and the one that is selected.

const PALE = {wall: [240, 238, 232], roof: [222, 219, 211], flat: [228, 225, 218]}
const SELECTED = {wall: [126, 196, 190], roof: [11, 122, 120], flat: [44, 148, 144]}

let filter = null // {layer, uids: Set, without}
let selected = null // {layer, uid}
let state = 0

/** Grows with each change: deck.gl draws tiles anew when one of their props is another. */
export const emphasis = () => state

export function filterBy(found) {
  filter = found && {...found, uids: new Set(found.uids)}
  state += 1
}

export function select(found) {
  selected = found
  state += 1
}

export const isFiltered = layer => filter?.layer === layer

export const matches = (layer, uid) => filter?.layer !== layer || filter.uids.has(uid) !== filter.without

/** The palettes of a tile's buildings: pale where a filter takes them away. */
export function emphasised(layer, uids, palettes) {
  if (!isFiltered(layer) && selected?.layer !== layer) return palettes
  return palettes.map((palette, i) =>
    selected?.layer === layer && selected.uid === uids[i] ? SELECTED : matches(layer, uids[i]) ? palette : PALE)
}
