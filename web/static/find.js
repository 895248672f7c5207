// Finding in the city: flies to what was found, draws what a filter leaves, and lays the table below the scene.

import {asked, remember} from './address.js'
import {flyTo} from './camera.js'
import {filterBy, select} from './emphasis.js'
import {inspect} from './inspector.js'
import {ask, whenBack} from './states.js'

const byId = id => document.getElementById(id)
const [drawer, rows, chip] = [byId('drawer'), byId('drawer-rows'), byId('filter-chip')]
const PHONE = matchMedia('(max-width: 700px)')
const WIDE = new Set(['streets', 'lines', 'zones', 'blocks', 'water'])

/** scene: as the page has it. redraw: draws the layers anew. show: switches a layer on. */
export function wireFind(scene, redraw, show) {
  const goTo = ({layer, uid, longitude, latitude}) => {
    show(layer)
    if (longitude != null) flyTo({longitude, latitude, zoom: WIDE.has(layer) ? 16.4 : 17.6})
    return inspect(scene, {layer, uid})
  }
  addEventListener('go-to', event => {
    event.preventDefault() // or else the search opens the feature's page
    goTo(event.detail)
  })
  addEventListener('inspected', ({detail}) => {
    remember('select', detail && `${detail.layer}/${detail.uid}`)
    select(detail)
    redraw()
  })
  const [layer, ...uid] = asked('select')?.split('/') ?? []
  if (uid.length) goTo({layer, uid: uid.join('/')})
  wireFilter(scene, redraw, show)
  wireDrawer(goTo)
}

function wireFilter(scene, redraw, show) {
  const apply = async wanted => {
    remember('filter', wanted)
    const found = wanted ? await matching(scene, wanted) : null
    if (found) show(found.layer)
    filterBy(found, wanted)
    tell(found, wanted)
    redraw()
  }
  addEventListener('filter', ({detail}) => apply(detail))
  byId('filter-clear').addEventListener('click', () => {
    apply(null)
    byId('view').querySelector('canvas')?.focus({preventScroll: true})
  })
  if (asked('filter')) apply(asked('filter'))

  function tell(found, wanted) {
    chip.hidden = !wanted
    byId('filter-words').textContent = !found ? scene.words['matching-failed']
      : `${found.title}: ${found.filters.join(', ')} · ${number(found.count)} ${scene.words.of} ${number(found.of)}`
    const [layer, questions] = (wanted ?? '').split('?')
    byId('filter-table').href = `${scene.table.replace('LAYER', encodeURIComponent(layer))}?${questions}&lang=${scene.language}`
  }
  const number = count => count.toLocaleString(scene.language)
}

async function matching(scene, wanted) {
  const [layer, questions] = wanted.split('?')
  const path = scene.matching.replace('LAYER', () => encodeURIComponent(layer))
  const response = await ask(`${path}?${questions}&lang=${scene.language}`)
  if (!response) whenBack(() => asked('filter') === wanted && dispatchEvent(new CustomEvent('filter', {detail: wanted})))
  return response?.ok ? response.json() : null
}

/** The table is the server's own page; its links and its form are followed within the drawer. */
function wireDrawer(goTo) {
  document.addEventListener('click', event => {
    const link = event.target.closest('a')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (link.matches('[data-table]')) follow(event, link.href)
    else if (!drawer.contains(link) || link.matches('[data-outside]')) return
    else if (link.matches('[data-filter]')) {
      event.preventDefault()
      if (PHONE.matches) close()
      dispatchEvent(new CustomEvent('filter', {detail: new URLSearchParams(link.hash.slice(1)).get('filter')}))
    } else if (link.matches('.place')) {
      event.preventDefault()
      if (PHONE.matches) close()
      const [longitude, latitude] = link.dataset.place.split(',').map(Number)
      goTo({layer: rows.firstElementChild.dataset.layer, uid: link.dataset.uid, longitude, latitude})
    } else follow(event, link.href)
  })
  drawer.addEventListener('submit', event => {
    const questions = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value))
    follow(event, `${event.target.action}?${questions}`)
  })
  byId('drawer-close').addEventListener('click', close)
  drawer.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return
    event.stopPropagation() // one key closes one thing
    close()
  })
}

let opener

async function follow(event, address) {
  event.preventDefault()
  if (drawer.hidden) opener = document.activeElement
  const part = new URL(address, location.href)
  part.searchParams.set('part', '')
  const response = await fetch(part).catch(() => null)
  if (!response?.ok) return location.assign(address) // the page itself says what is the matter
  const told = new DOMParser().parseFromString(await response.text(), 'text/html')
  const left = rows.contains(document.activeElement) ? nameOf(document.activeElement) : null
  rows.replaceChildren(...told.body.children)
  if (left !== null) goOnAt(left)
  byId('drawer-whole').href = address
  if (drawer.hidden) {
    drawer.hidden = false
    byId('drawer-close').focus()
  }
  rows.scrollTop = 0
}

const nameOf = element => element.title || element.textContent.trim()

/** The focus stays where it was when the rows are new. */
function goOnAt(name) {
  const same = [...rows.querySelectorAll('a, button, summary')].find(one => nameOf(one) === name && one.checkVisibility())
  const there = same ?? rows.querySelector('summary, a')
  there?.focus({preventScroll: true})
}

function close() {
  drawer.hidden = true
  opener?.focus?.()
}
