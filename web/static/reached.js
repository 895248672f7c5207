// The layer of the streets that are reached from a chosen place.

let address = null

/** address: of the streets; null where none are shown. */
export const drawStreets = of => (address = of)

export const reached = layer => (layer.id === 'reach' ? {...layer, data: address ?? layer.data} : layer)
