// What differs between the two scenarios that are compared; none outside a comparison.

let kinds = null // layer/uid -> new, changed, gone
let colors = {}

/** differences: as the server tells them. Outside of a comparison nobody calls this. */
export function learn(differences, told) {
  kinds = new Map(differences.map(({layer, uid, kind}) => [`${layer}/${uid}`, kind]))
  colors = told
}

export const isComparing = () => kinds !== null

export const kindOf = (layer, uid) => kinds?.get(`${layer}/${uid}`)

/** Red, green, blue of new, changed or gone. */
export const colorOfKind = kind => colors[kind]
