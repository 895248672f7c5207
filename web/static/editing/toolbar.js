// The planner's tool bar: its menus, what each tool draws, undo and redo.

import {draw, isDrawing, stopDrawing} from './drawing.js'
import {toast} from './toast.js'

const byId = id => document.getElementById(id)
const TREE = {height: 8, crown: 5}

/** on: {created, copied, command}. */
export function wireTools(city, on) {
  const menus = [...document.querySelectorAll('#planner .menu')]
  document.addEventListener('click', event => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false
  })
  byId('planner').addEventListener('keydown', event => {
    const menu = event.target.closest('.menu[open]')
    if (event.key !== 'Escape' || !menu) return
    menu.open = false
    menu.querySelector('summary').focus()
  })
  byId('planner').addEventListener('click', event => {
    const button = event.target.closest('[data-draw]')
    if (!button) return
    button.closest('.menu').open = false
    take(city, on, button.dataset)
    if (isDrawing()) button.closest('.menu').classList.add('on')
  })
  addEventListener('drawing-ended', () => menus.forEach(menu => menu.classList.remove('on')))
  byId('undo').onclick = () => on.command('/undo')
  byId('redo').onclick = () => on.command('/redo')
  document.addEventListener('keydown', event => onKey(event, on))
}

function onKey(event, on) {
  if (!(event.ctrlKey || event.metaKey) || event.target.closest('input, textarea, dialog')) return
  const key = event.key.toLowerCase()
  const path = key === 'y' || (key === 'z' && event.shiftKey) ? '/redo' : key === 'z' ? '/undo' : null
  if (!path || isDrawing()) return
  event.preventDefault()
  on.command(path)
}

function take(city, on, {draw: tool, layer, type}) {
  stopDrawing()
  const {words, planner} = city.scene
  if (tool === 'copy') {
    const copy = on.copied()
    if (!copy) return toast(words['choose-first'])
    return draw({kind: 'stamp', ...copy, onDone: geometry => on.created(layer, geometry, copy, 'copy')})
  }
  if (tool === 'type') {
    const chosen = planner.types[type]
    return draw({kind: 'stamp', ...chosen, onDone: geometry => on.created(layer, geometry, chosen)})
  }
  if (layer === 'buildings') {
    const {building} = planner
    const given = {building, fields: {use: building.use}}
    return draw({kind: tool, building, onDone: geometry => on.created(layer, geometry, given)})
  }
  const kind = {tree: 'stamp', point: 'stamp', line: 'line', polygon: 'polygon'}[tool]
  const fields = layer === 'trees' ? TREE : {}
  return draw({kind, onDone: geometry => on.created(layer, geometry, {fields}, layer === 'trees' ? 'plant' : 'draw')})
}
