// The history beside the city: who did what, when, with a picture of the spot; fly there, or go back to that moment.

import {flyTo} from '../camera.js'

const byId = id => document.getElementById(id)
let city

/** back: is told the change to which someone wants to return. */
export function wireHistory(wired, back) {
  city = wired
  byId('show-history').onclick = () => (byId('history').hidden ? open() : close())
  byId('history-close').onclick = close
  byId('history').addEventListener('keydown', event => event.key === 'Escape' && (event.stopPropagation(), close()))
  byId('history').addEventListener('submit', event => {
    event.preventDefault()
    if (confirm(city.scene.words['back-to-here-sure'])) back(Number(new FormData(event.target).get('change')))
  })
  byId('history').addEventListener('click', event => {
    const link = event.target.closest('a')
    if (link?.dataset.place) {
      event.preventDefault()
      const [longitude, latitude, zoom] = link.dataset.place.split(',').map(Number)
      flyTo({longitude, latitude, zoom})
    } else if (link?.matches('.older')) {
      event.preventDefault()
      read(link.href, link)
    }
  })
}

export const refreshHistory = () => !byId('history').hidden && read(city.scene.planner.history)

function open() {
  byId('history').hidden = false
  byId('show-history').setAttribute('aria-expanded', 'true')
  read(city.scene.planner.history)
  byId('history-close').focus()
}

function close() {
  byId('history').hidden = true
  byId('show-history').setAttribute('aria-expanded', 'false')
  byId('show-history').focus()
}

/** By the reader's own clock. */
const clock = moment =>
  new Intl.DateTimeFormat(city.scene.language, {dateStyle: 'medium', timeStyle: 'short'}).format(new Date(moment))

/** after: the link in whose place older steps come. */
async function read(address, after = null) {
  const part = new URL(address, location.href)
  part.searchParams.set('part', '')
  const response = await fetch(part).catch(() => null)
  if (!response?.ok) return
  const told = new DOMParser().parseFromString(await response.text(), 'text/html')
  for (const time of told.querySelectorAll('time')) time.textContent = clock(time.dateTime)
  if (after) after.parentElement.replaceWith(...told.body.children)
  else byId('history-steps').replaceChildren(...told.body.children)
}
