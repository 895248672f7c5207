// The search in the header: suggestions while one types, chosen with arrows and Enter, reached with /.

const form = document.querySelector('form.search')
const input = form.querySelector('input[type=search]')
const list = document.getElementById('found')
const state = document.getElementById('found-state')
const PAUSE = 120 // milliseconds without a letter before the server is asked

let hits = []
let at = -1
let waiting
let asking

input.addEventListener('input', () => {
  clearTimeout(waiting)
  waiting = setTimeout(ask, PAUSE)
})
input.addEventListener('focus', () => hits.length && open(true))
form.addEventListener('focusout', event => form.contains(event.relatedTarget) || open(false))
form.addEventListener('submit', event => {
  if (list.hidden || !hits.length) return // the server answers with a page
  event.preventDefault()
  choose(hits[Math.max(at, 0)])
})
input.addEventListener('keydown', event => {
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key]
  if (step && hits.length) {
    event.preventDefault()
    open(true)
    mark((at + step + hits.length) % hits.length)
  } else if (event.key === 'Escape') {
    event.stopPropagation()
    if (list.hidden) input.value = ''
    open(false)
  }
})
document.addEventListener('keydown', event => {
  const typing = event.target.closest('input, select, textarea, [contenteditable]')
  if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  input.focus()
  input.select()
})

async function ask() {
  asking?.abort()
  asking = new AbortController()
  const asked = input.value.trim()
  if (asked.length < 2) return show([], '')
  const questions = new URLSearchParams({q: asked, lang: document.documentElement.lang})
  try {
    const response = await fetch(`${form.dataset.search}?${questions}`, {signal: asking.signal})
    if (!response.ok) throw new Error(response.status)
    const found = await response.json()
    show(found, found.length ? `${found.length} ${form.dataset.found}` : form.dataset.nothing)
  } catch (error) {
    if (error.name !== 'AbortError') show([], form.dataset.failed)
  }
}

function show(found, sentence) {
  hits = found
  at = -1
  list.replaceChildren(...(hits.length ? hits.map(option) : sentence ? [note(sentence)] : []))
  state.textContent = sentence
  open(Boolean(sentence))
}

function option(hit, i) {
  const item = document.createElement('li')
  item.id = `found-${i}`
  item.role = 'option'
  item.ariaSelected = 'false'
  const [title, detail] = [document.createElement('b'), document.createElement('span')]
  title.textContent = hit.title
  detail.textContent = hit.detail
  item.append(title, detail)
  item.addEventListener('pointerdown', event => event.preventDefault()) // the focus stays in the field
  item.addEventListener('click', () => choose(hit))
  return item
}

function note(sentence) {
  const item = document.createElement('li')
  item.className = 'nothing'
  item.role = 'option'
  item.ariaDisabled = 'true'
  item.ariaSelected = 'false'
  item.textContent = sentence
  return item
}

function open(wanted) {
  list.hidden = !wanted || !list.children.length
  input.ariaExpanded = String(!list.hidden)
  if (list.hidden) mark(-1)
}

function mark(next) {
  list.children[at]?.setAttribute('aria-selected', 'false')
  at = next
  const item = at < 0 ? null : list.children[at]
  item?.setAttribute('aria-selected', 'true')
  item?.scrollIntoView({block: 'nearest'})
  if (item) input.setAttribute('aria-activedescendant', item.id)
  else input.removeAttribute('aria-activedescendant')
}

/** The city flies there where it is on this page; elsewhere the feature's own page opens. */
function choose(hit) {
  clearTimeout(waiting)
  asking?.abort() // a late answer would open the list again
  input.value = hit.title
  open(false)
  if (dispatchEvent(new CustomEvent('go-to', {detail: hit, cancelable: true}))) {
    const uid = hit.uid.split('/').map(encodeURIComponent).join('/')
    const path = form.dataset.feature.replace('LAYER', () => encodeURIComponent(hit.layer)).replace('UID', () => uid)
    location.href = `${path}?lang=${document.documentElement.lang}`
  }
}
