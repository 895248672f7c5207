// Lengths and areas on the ellipsoid GRS 80, exact to a ten-thousandth part for what a town measures.

const RADIUS = 6378137
const SQUASH = 0.00669438002290 // the first eccentricity, squared
const radians = degrees => (degrees * Math.PI) / 180

/** Metres of a radian along the meridian and along the parallel. */
export function scales(latitude) {
  const bend = 1 - SQUASH * Math.sin(radians(latitude)) ** 2
  return {north: (RADIUS * (1 - SQUASH)) / bend ** 1.5, east: (RADIUS * Math.cos(radians(latitude))) / Math.sqrt(bend)}
}

/** Metres between two places, horizontally. By the mid-latitude formula. */
export function distance([longitude, latitude], [longitude2, latitude2]) {
  const {north, east} = scales((latitude + latitude2) / 2)
  return Math.hypot(radians(longitude2 - longitude) * east, radians(latitude2 - latitude) * north)
}

export const lengthOf = places => places.slice(1).reduce((sum, place, i) => sum + distance(places[i], place), 0)

/** Square metres within a ring of places: the integral of x dy on the ellipsoid, by Simpson's rule along each edge. */
export function areaOf(places) {
  if (places.length < 3) return 0
  const [start] = places
  let sum = 0
  places.forEach(([longitude, latitude], i) => {
    const [longitude2, latitude2] = places[(i + 1) % places.length]
    const swept = part => {
      const {north, east} = scales(latitude + part * (latitude2 - latitude))
      return radians(longitude + part * (longitude2 - longitude) - start[0]) * east * north
    }
    sum += (radians(latitude2 - latitude) * (swept(0) + 4 * swept(0.5) + swept(1))) / 6
  })
  return Math.abs(sum)
}

/** Do two of the ring's edges cross? Then it has no area that a person would mean. */
export function crossesItself(places) {
  const side = ([ax, ay], [bx, by], [cx, cy]) => Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))
  const edges = places.map((place, i) => [place, places[(i + 1) % places.length]])
  return edges.some(([a, b], i) => edges.some(([c, d], j) =>
    Math.abs(i - j) > 1 && Math.abs(i - j) < edges.length - 1 &&
    side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0))
}
