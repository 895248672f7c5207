// What differs between the two scenarios that are compared; none outside a comparison.

let kinds = null // layer/uid -> new, changed, gone

/** differences: as the server tells them. Outside of a comparison nobody calls this. */
export function learn(differences) {
  kinds = new Map(differences.map(({layer, uid, kind}) => [`${layer}/${uid}`, kind]))
}

export const isComparing = () => kinds !== null

export const kindOf = (layer, uid) => kinds?.get(`${layer}/${uid}`)
