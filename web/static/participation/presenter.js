// The presenter's screen: what people say, as they say it; polls that count on; and a clock.

import {renewList, tellInList, watch} from './news.js'

const byId = id => document.getElementById(id)
const session = JSON.parse(byId('session').textContent)
const PAUSE = 1000 // milliseconds between two looks at the polls
const SHOWN = {1: 'tour', 2: 'said', 3: 'polls'}

function show(part) {
  byId('content').dataset.shows = part
  for (const button of byId('shows').children) button.ariaPressed = String(button.dataset.shows === part)
}

for (const button of byId('shows').children) button.addEventListener('click', () => show(button.dataset.shows))
addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input')) return
  const key = event.key.toLowerCase()
  if (SHOWN[key]) show(SHOWN[key])
  else if (key === 't') turnClock()
  else if (key === 'f') byId('whole-screen').click()
})

let waits = false

/** The counts, once a second at most, however much is said. */
function count() {
  if (waits) return
  waits = true
  setTimeout(async () => {
    waits = false
    const response = await fetch(session.results).catch(() => null)
    if (response?.ok) tellCounts(await response.json())
  }, PAUSE)
}

function tellCounts(told) {
  for (const node of document.querySelectorAll('[data-count]')) node.textContent = told[node.dataset.count]
  told.polls.forEach(({choices}, i) => {
    const all = Math.max(choices.reduce((sum, {count: n}) => sum + n, 0), 1)
    const rows = document.querySelectorAll(`[data-poll="${i}"] dd`)
    choices.forEach(({count: n}, row) => {
      if (!rows[row]) return
      Object.assign(rows[row].querySelector('meter'), {max: all, value: n})
      rows[row].querySelector('b').textContent = n
    })
  })
}

watch(session.events, {
  merge: told => (tellInList(told), count()),
  look: () => (renewList(), count()),
})

const clock = byId('clock')
let left = 0 // seconds
let ends = null // when, in milliseconds

const minutes = () => Math.min(Math.max(Number(byId('minutes').value) || 5, 1), 99)

function tellClock() {
  if (ends !== null) left = Math.max(Math.ceil((ends - Date.now()) / 1000), 0)
  clock.textContent = [Math.floor(left / 60), left % 60].map(part => String(part).padStart(2, '0')).join(':')
  clock.classList.toggle('over', ends !== null && left === 0)
  byId('clock-over').hidden = ends === null || left > 0
}

function turnClock() {
  const begins = ends === null
  if (begins && left === 0) left = minutes() * 60
  ends = begins ? Date.now() + left * 1000 : null
  byId('clock-turn').textContent = session.words[begins ? 'p-clock-stop' : 'p-clock-start']
  tellClock()
}

function setClock() {
  left = minutes() * 60
  if (ends !== null) ends = Date.now() + left * 1000
  tellClock()
}

byId('clock-turn').addEventListener('click', turnClock)
byId('minutes').addEventListener('input', setClock)
setInterval(() => ends !== null && tellClock(), 250)
setClock()
