// What others say, as they say it: heard from the server, and put into the list without asking for all of it again.

const byId = id => document.getElementById(id)
const session = JSON.parse(byId('session').textContent)
const PAUSE = 10000 // milliseconds between two looks where the server has no ear left for one more
const LATER = 60000 // until it is asked again to tell
const SPREAD = 3000 // in which those who lost the server at the same time come back one after the other

/** merge: is given what is new of some contributions. look: asks for all of them anew. */
export function watch(address, {merge, look}) {
  let source = null
  let polling = null
  const open = () => {
    let isFirst = true
    source = new EventSource(address)
    source.addEventListener('contributions', ({data}) => merge(JSON.parse(data)))
    source.addEventListener('open', () => {
      if (!isFirst) setTimeout(look, Math.random() * SPREAD)
      isFirst = false
    })
    source.addEventListener('error', () => source?.readyState === EventSource.CLOSED && poll())
  }
  const poll = () => {
    shut()
    polling = setInterval(look, PAUSE)
    setTimeout(() => polling && (shut(), open()), LATER)
  }
  const shut = () => {
    source?.close()
    clearInterval(polling)
    source = polling = null
  }
  addEventListener('pagehide', shut)
  document.addEventListener('visibilitychange', () => {
    shut()
    if (!document.hidden) (look(), open())
  })
  open()
}

/** The whole list anew, in the order that the address asks for. */
export async function renewList(mark) {
  const list = byId('said')
  const response = await fetch(`${session.list}&${new URLSearchParams(location.search)}`).catch(() => null)
  if (!response?.ok) return
  const told = new DOMParser().parseFromString(await response.text(), 'text/html')
  list.replaceChildren(...told.body.childNodes)
  list.dataset.mark = mark
}

/** told: [{number, text, …}], or {number, gone} or {number, hidden: reason}. */
export function tellInList(told) {
  const list = document.querySelector('#said .says')
  if (!list) return
  list.querySelector('.nothing')?.remove()
  for (const one of told) {
    const there = byId(`n${one.number}`)
    if (there?.querySelector('.badge.draft')) continue // one's own, which others do not see
    if (one.gone) there?.remove()
    else if (there) there.replaceWith(rowOf(one))
    else list.prepend(rowOf(one))
  }
  byId('said-count').textContent = list.querySelectorAll('.say').length
}

function rowOf(one) {
  const {words, about} = session
  const row = element('li', {className: 'say fresh', id: `n${one.number}`})
  const body = element('div')
  if (one.hidden !== undefined) body.append(element('p', {className: 'hint', textContent: `${words['p-hidden']} ${one.hidden}`}))
  else {
    const size = one.line ? `${words['p-line']}, ${one.line} m` : one.area && `${words['p-area']}, ${one.area} m²`
    const parts = [one.place && `${words['p-of']} „${one.place}“`, size, about[one.about] ?? '', one.category,
      words['p-agree-n'].replace('{n}', one.agree), one.comments && words['p-comments-n'].replace('{n}', one.comments)]
    const small = element('small', {textContent: `${parts.filter(Boolean).join(' · ')} `})
    if (one.status !== 'new') small.append(element('b', {className: `st ${one.status}`, textContent: words[`p-status-${one.status}`]}))
    const link = element('a', {className: 'more', href: session.one.replace('/0', `/${one.number}`), textContent: words['p-open']})
    link.append(element('span', {className: 'unseen', textContent: ` ${words['p-number']} ${one.number}`}))
    body.append(element('p', {className: 'words', textContent: one.text}), small, link)
  }
  row.append(element('span', {className: 'dot', ariaHidden: 'true', textContent: one.number}), body)
  return row
}

const element = (name, told = {}) => Object.assign(document.createElement(name), told)
