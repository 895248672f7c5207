// What a building on this outline would give: footprint, floor area, volume, dwellings, people; and the height it has.

import {area, metres} from '../figures.js'
import {footprint, long, measured, minus, planeAt, polygonsOf, ringArea} from './plane.js'

const byId = id => document.getElementById(id)
const SLOPED = new Set(['2100', '3100', '3200', '3300', '3400', '3500'])

/** building: {storeys, storeyHeight, roof, pitch}; roughly, until the server has built it. */
export function heightOf(geometry, {storeys, storeyHeight, roof, pitch}) {
  const eaves = storeys * storeyHeight
  const [polygon] = polygonsOf(geometry)
  if (!polygon || !SLOPED.has(roof)) return eaves
  const span = depthOf(polygon) / (roof === '2100' ? 1 : 2)
  return eaves + span * Math.tan(((pitch || 35) * Math.PI) / 180)
}

/** How deep a house is across its ridge; around a courtyard, how deep its wings are. */
function depthOf(rings) {
  const {flat} = planeAt(rings[0][0])
  const [outline, ...courts] = rings.map(ring => ring.map(flat))
  const {width, depth} = measured(outline)
  if (!courts.length) return Math.min(width, depth)
  const around = [outline, ...courts].reduce((sum, ring) => sum + perimeter(ring), 0)
  return (2 * (ringArea(outline) - courts.reduce((sum, court) => sum + ringArea(court), 0))) / around
}

const perimeter = ring => ring.reduce((sum, place, i) => sum + long(minus(place, ring.at(i - 1))), 0)

export function counted(geometry, building, assumptions) {
  const ground = footprint(geometry)
  const floors = ground * building.storeys
  const lives = !building.use || building.use === 'residential' || building.use === 'mixed'
  const dwellings = building.dwellings ?? (lives ? Math.round((floors * assumptions.living_share) / assumptions.dwelling_area) : 0)
  return {
    footprint: ground,
    floors,
    volume: ground * building.storeys * building.storeyHeight,
    dwellings,
    people: Math.round(dwellings * assumptions.people_per_dwelling),
  }
}

/** Shows the figures beside the tools; geometry null: hides them. how: a sentence on what to do. */
export function tellFigures({language, words, planner}, geometry, building, how = '') {
  const rows = geometry && polygonsOf(geometry).length && building ? buildingRows() : areaRows()
  byId('counters').replaceChildren(...rows.map(([title, text]) => {
    const row = document.createElement('div')
    row.append(Object.assign(document.createElement('dt'), {textContent: title}),
      Object.assign(document.createElement('dd'), {textContent: text}))
    return row
  }))
  byId('drafting-how').textContent = how || (rows.length > 1 ? planner.assumptions.said : '')
  byId('drafting-assumed').hidden = rows.length < 2
  byId('drafting').hidden = !rows.length && !how

  function buildingRows() {
    const found = counted(geometry, building, planner.assumptions)
    const whole = value => new Intl.NumberFormat(language, {maximumFractionDigits: 0}).format(value)
    const rows = [
      [words.footprint, `${whole(found.footprint)} m²`],
      [words['floor-area'], `${whole(found.floors)} m²`],
      [words.volume, `${whole(found.volume)} m³`],
    ]
    if (found.dwellings) {
      rows.push([words['dwellings-about'], whole(found.dwellings)], [words['people-about'], whole(found.people)])
    }
    const height = metres(heightOf(geometry, building), language)
    return [[height, words['storeys-live'].replace('{storeys}', building.storeys).replace(' · {height}', '')], ...rows]
  }

  function areaRows() {
    return geometry && polygonsOf(geometry).length ? [[words.footprint, area(footprint(geometry), language)]] : []
  }
}
