// A picture of the view for print: the model in the paper's resolution, with title, scale, north, date and sources.

import {attribution} from './basemap.js'
import {length} from './figures.js'
import {fineness} from './fineness.js'

const byId = id => document.getElementById(id)
const PAPERS = {a4: [2339, 1654], a3: [3307, 2339]} // pixels at 200 dpi, landscape
const PATIENCE = 60000 // milliseconds: a processor may draw
const INK = '#1e2a30'
const GREY = '#4f5d64'

export function askForPicture(city) {
  byId('picture-state').textContent = ''
  byId('picture-save').disabled = false
  byId('picture-save').onclick = () => save(city)
  byId('picture-dialog').showModal()
}

async function save(city) {
  const {words} = city.scene
  byId('picture-save').disabled = true
  byId('picture-state').textContent = words['picture-wait']
  try {
    const blob = await printed(city, byId('picture-paper').value, byId('picture-title').value)
    const link = document.createElement('a')
    link.href = URL.createObjectURL(blob)
    link.download = `${byId('picture-title').value.replace(/[^\p{L}\p{N}]+/gu, '-') || 'twin'}.png`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10000)
    byId('picture-dialog').close()
  } catch (error) {
    console.warn(error.message)
    byId('picture-state').textContent = words['picture-failed']
  }
  byId('picture-save').disabled = false
}

/** The sheet as a PNG: upright where the screen is. */
async function printed(city, paper, title) {
  const {width, height} = byId('view').getBoundingClientRect()
  const sizes = width >= height ? PAPERS[paper] : [...PAPERS[paper]].reverse()
  const sheet = Object.assign(document.createElement('canvas'), {width: sizes[0], height: sizes[1]})
  const painter = sheet.getContext('2d')
  const unit = Math.min(...sizes) / 100
  const frame = {x: 3 * unit, y: 9 * unit, width: sizes[0] - 6 * unit, height: sizes[1] - 21 * unit}
  painter.fillStyle = '#fff'
  painter.fillRect(0, 0, ...sizes)
  const fit = Math.max(frame.width / width, frame.height / height) // sheet's pixels for one of the page's
  const sources = await sourcesOf(city)
  const model = await drawnAt(city.view, Math.min(fit, largest(city.view, width, height)))
  paintModel(painter, frame, model, fit, width, height)
  paintWords(painter, {unit, frame, sizes, title, sources, fit, city})
  return new Promise((found, failed) =>
    sheet.toBlob(blob => (blob ? found(blob) : failed(new Error('The sheet is too large for this browser.'))), 'image/png'))
}

const largest = (view, width, height) => view.device.limits.maxTextureDimension2D / Math.max(width, height)

/** The view drawn once more with so many pixels for each of the page's; a copy, for the next picture wipes it. */
function drawnAt(view, ratio) {
  const before = view.props.useDevicePixels
  const wanted = Math.round(byId('view').clientWidth * ratio)
  return new Promise((found, failed) => {
    const give = (settle, what) => {
      removeEventListener('city-drawn', look)
      clearTimeout(late)
      view.setProps({useDevicePixels: before})
      settle(what)
    }
    const look = () => {
      const canvas = view.getCanvas()
      const isWhole = Math.abs(canvas.width - wanted) < 4 && !fineness.late && view.layerManager.getLayers().every(layer => layer.isLoaded)
      if (!isWhole) return requestAnimationFrame(() => view.redraw('picture'))
      const copy = Object.assign(document.createElement('canvas'), {width: canvas.width, height: canvas.height})
      copy.getContext('2d').drawImage(canvas, 0, 0)
      give(found, copy)
    }
    const late = setTimeout(() => give(failed, new Error('The picture was not drawn in time.')), PATIENCE)
    addEventListener('city-drawn', look)
    view.setProps({useDevicePixels: ratio})
    view.redraw('picture')
  })
}

function paintModel(painter, frame, model, fit, width, height) {
  painter.save()
  painter.beginPath()
  painter.rect(frame.x, frame.y, frame.width, frame.height)
  painter.clip()
  painter.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--ground')
  painter.fillRect(frame.x, frame.y, frame.width, frame.height)
  painter.translate(frame.x + (frame.width - width * fit) / 2, frame.y + (frame.height - height * fit) / 2)
  painter.imageSmoothingQuality = 'high'
  painter.drawImage(model, 0, 0, width * fit, height * fit)
  painter.scale(fit, fit)
  dispatchEvent(new CustomEvent('city-picture', {detail: painter})) // whoever paints over the view paints here too
  painter.restore()
  painter.strokeStyle = '#b9b3a4'
  painter.lineWidth = 2
  painter.strokeRect(frame.x, frame.y, frame.width, frame.height)
}

function paintWords(painter, {unit, frame, sizes, title, sources, fit, city}) {
  const {language, words} = city.scene
  const face = (size, weight = 400) => `${weight} ${size * unit}px "Source Sans 3 Variable", sans-serif`
  const [left, right] = [frame.x, frame.x + frame.width]
  painter.fillStyle = INK
  painter.font = face(4, 650)
  painter.fillText(title, left, 6.6 * unit, frame.width * 0.75)
  painter.textAlign = 'right'
  painter.fillStyle = GREY
  painter.font = face(2)
  painter.fillText(new Intl.DateTimeFormat(language, {dateStyle: 'long'}).format(new Date()), right, 6.6 * unit)
  painter.textAlign = 'left'
  paintLegend(painter, frame, unit, face)
  paintScale(painter, {unit, left, top: frame.y + frame.height + 2.4 * unit, fit, city, face})
  paintNorth(painter, right - 2 * unit, frame.y + frame.height + 3.6 * unit, unit, city.view.getViewports()[0].bearing, face)
  painter.fillStyle = GREY
  painter.font = face(1.35)
  const lines = wrapped(painter, `${words.sources}: ${sources}`, frame.width - 8 * unit).slice(0, 3)
  lines.forEach((line, i) => painter.fillText(line, left, sizes[1] - (1.4 + 1.7 * (lines.length - 1 - i)) * unit))
}

function paintScale(painter, {unit, left, top, fit, city, face}) {
  const perPixel = metresPerPixel(city.view) / fit
  const metres = round(perPixel * 26 * unit)
  const across = metres / perPixel
  for (let i = 0; i < 4; i++) {
    painter.fillStyle = i % 2 ? '#fff' : INK
    painter.fillRect(left + (i * across) / 4, top, across / 4, unit)
  }
  painter.strokeStyle = INK
  painter.lineWidth = 2
  painter.strokeRect(left, top, across, unit)
  painter.fillStyle = INK
  painter.font = face(1.7)
  const text = length(metres, city.scene.language).replace(/[.,]0+ /, ' ')
  painter.fillText(text, left + across + unit, top + unit * 1.1)
  painter.fillStyle = GREY
  painter.font = face(1.35)
  const wide = painter.measureText(text).width * 1.3
  painter.fillText(city.scene.words['picture-scale'], left + across + wide + 2 * unit, top + unit * 1.05)
}

function paintNorth(painter, x, y, unit, bearing, face) {
  painter.save()
  painter.translate(x, y)
  painter.rotate((-bearing * Math.PI) / 180)
  painter.fillStyle = INK
  painter.beginPath()
  for (const [dx, dy] of [[0, -2.4], [1, 1.4], [0, 0.8], [-1, 1.4]]) painter.lineTo(dx * unit, dy * unit)
  painter.fill()
  painter.restore()
  painter.font = face(1.7, 650)
  painter.textAlign = 'center'
  painter.fillText('N', x - 3 * unit, y + 0.6 * unit)
  painter.textAlign = 'left'
}

/** What the colours mean, where a layer is coloured by a field. */
function paintLegend(painter, frame, unit, face) {
  const rows = [...document.querySelectorAll('#colour-legend li')].map(row => ({
    color: row.querySelector('i').style.getPropertyValue('--swatch'), text: row.childNodes[1].textContent}))
  if (!rows.length) return
  const title = ['colour-layer', null].map(id => document.querySelector(id ? `#${id}` : '#colouring [data-of]:not([hidden]) select'))
    .map(select => select.selectedOptions[0].textContent).join(': ')
  painter.font = face(1.6, 650)
  const wide = Math.max(painter.measureText(title).width, ...rows.map(({text}) => painter.measureText(text).width + 3 * unit))
  const [x, y, high] = [frame.x + 2 * unit, frame.y + frame.height - 2 * unit, (rows.length * 2.4 + 5) * unit]
  painter.fillStyle = 'rgb(255 255 255 / .93)'
  painter.fillRect(x, y - high, wide + 4 * unit, high)
  painter.fillStyle = INK
  painter.fillText(title, x + 2 * unit, y - high + 2.8 * unit)
  painter.font = face(1.6)
  rows.forEach(({color, text}, i) => {
    const line = y - high + (5.4 + i * 2.4) * unit
    painter.fillStyle = color
    painter.fillRect(x + 2 * unit, line - 1.3 * unit, 2 * unit, 1.5 * unit)
    painter.fillStyle = INK
    painter.fillText(text, x + 5 * unit, line)
  })
}

/** Across the middle of the picture. */
function metresPerPixel(view) {
  const {latitude, zoom} = view.getViewports()[0]
  return (40075016.686 * Math.cos((latitude * Math.PI) / 180)) / (512 * 2 ** zoom)
}

/** 1, 2 or 5 with noughts, not above the value. */
function round(value) {
  const step = 10 ** Math.floor(Math.log10(value))
  return [5, 2, 1].find(times => times * step <= value) * step
}

/** Of the layers that are shown, each line once. */
async function sourcesOf({scene, shown}) {
  const response = await fetch(`/api/sources?lang=${scene.language}`)
  if (!response.ok) throw new Error(`${response.status} sources`)
  const named = new Map()
  for (const {name, title, lines} of await response.json()) {
    if (name !== 'terrain' && !shown().includes(name)) continue
    for (const line of lines) named.set(line, [...(named.get(line) ?? []), title])
  }
  const background = attribution()
  if (background) named.set(background, [scene.words.background])
  return [...named].map(([line, titles]) => `${titles.join(', ')}: ${line}`).join(' · ')
}

function wrapped(painter, text, width) {
  const lines = ['']
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim()
    if (painter.measureText(longer).width > width && lines.at(-1)) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}
