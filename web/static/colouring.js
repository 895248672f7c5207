// Colours a layer by one of its fields, and shows the legend; which field it is stands in the address.

import {asked as wanted, remember} from './address.js'
import {ask} from './states.js'

const byId = id => document.getElementById(id)
const BODIES = ['buildings', 'trees']
const UNKNOWN = 255 // as in web/drawn/colouring.py
let now = null // {asked: 'buildings.height.quantile', layer, classes}

/** A layer of the spec in the colours that are chosen: its tiles bear the class of each feature. */
export function coloured(spec) {
  if (!now || !drawnBy(now.layer).includes(spec.id)) return spec
  const data = `${spec.data}&colour=${now.asked}`
  now.styles[spec.id] ??= (STYLES[spec.id] ?? flatStyle)(spec.style)
  return {...spec, data, style: now.styles[spec.id], coloured: now.asked}
}

/** Which of deck.gl's layers show a layer of the city. */
const drawnBy = layer => (BODIES.includes(layer) ? [layer] : ['land', 'markers'])

const known = () => now.classes.filter(({unknown}) => !unknown).map(({color}) => color)

function buildingStyle(style) {
  const wash = color => color.map(part => 255 - (255 - part) * 0.45)
  const palette = color => ({roof: color, flat: color, wall: wash(color)})
  return {...style, classes: known().map(palette), unknown: palette(now.unknown)}
}

function flatStyle(style) {
  const fills = Object.fromEntries(now.classes.map(({color, unknown}, i) => [unknown ? UNKNOWN : i, color]))
  return {...style, [now.layer]: {...style[now.layer], fills}}
}

const STYLES = {buildings: buildingStyle, trees: () => ({classes: known(), unknown: now.unknown})}

export function wireColouring(city) {
  const box = byId('colouring')
  if (!box) return
  const asked = wanted('colour')?.split('.')
  if (asked?.length === 3 && fieldOf(asked[0]) && has(fieldOf(asked[0]), asked[1]) && has(byId('colour-scale'), asked[2])) {
    byId('colour-layer').value = asked[0]
    fieldOf(asked[0]).value = asked[1]
    byId('colour-scale').value = asked[2]
    box.open = true
    choose(city)
  }
  box.addEventListener('change', () => choose(city))
}

const fieldOf = layer => document.querySelector(`#colouring [data-of="${CSS.escape(layer)}"] select`)

const has = (select, value) => [...select.options].some(option => option.value === value)

async function choose(city) {
  const layer = byId('colour-layer').value
  for (const label of document.querySelectorAll('#colouring [data-of]')) label.hidden = label.dataset.of !== layer
  const asked = layer && [layer, fieldOf(layer).value, byId('colour-scale').value].join('.')
  remember('colour', asked || null)
  if (!asked) {
    now = null
    show([])
    return city.redraw()
  }
  const [, field, scale] = asked.split('.')
  const question = new URLSearchParams({field, scale, lang: city.scene.language})
  const response = await ask(`/api/scenarios/${city.scene.scenario}/${encodeURIComponent(layer)}/colours?${question}`)
  if (!response?.ok) return show([{label: city.scene.words.unanswered, color: [200, 200, 200], count: ''}])
  const {classes, unit, kind} = await response.json()
  byId('colour-scale-label').hidden = kind !== 'numbers'
  now = {asked, layer, classes, unknown: [226, 222, 214], styles: {}}
  show(classes, unit, city.scene.language)
  showLayer(layer)
  city.redraw()
}

/** What is coloured is meant to be seen. */
function showLayer(name) {
  const box = document.querySelector(`.layers input[name="${CSS.escape(name)}"]`)
  if (box && !box.checked) box.click()
}

function show(classes, unit = '', language = 'de') {
  if (!classes.length) byId('colour-scale-label').hidden = true
  byId('colour-legend').replaceChildren(...classes.map(({label, color, count, unknown}) => {
    const row = document.createElement('li')
    const swatch = document.createElement('i')
    swatch.style.setProperty('--swatch', `rgb(${color.join(' ')})`)
    const number = document.createElement('b')
    number.textContent = count === '' ? '' : count.toLocaleString(language)
    row.append(swatch, unknown || !unit ? label : `${label} ${unit}`, number)
    return row
  }))
}
