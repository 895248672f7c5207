// The form of a contribution: the browser works a little for it, and nothing that was typed is lost on the way.

const BITS = 13 // as in web/participation_tickets.py
const works = new Map() // ticket -> a promise of the number that was found

/** The number that shows that a browser was at work: sha256 of the ticket and it begins with zeros. */
function workFor(ticket) {
  if (!works.has(ticket)) works.set(ticket, search(ticket))
  return works.get(ticket)
}

async function search(ticket) {
  if (!crypto.subtle) return '' // without https: a moderator looks first
  const letters = new TextEncoder()
  for (let number = 0; ; number++) {
    const hash = new DataView(await crypto.subtle.digest('SHA-256', letters.encode(`${ticket}:${number}`)))
    if (hash.getUint32(0) >>> (32 - BITS) === 0) return String(number)
  }
}

export function wireForm(form) {
  const field = name => form.elements.namedItem(name)
  if (form.classList.contains('worked')) workFor(field('ticket').value)
  form.addEventListener('submit', async event => {
    const {submitter} = event
    if (form.dataset.ready) return
    event.preventDefault()
    if (form.dataset.busy) return // of two quick clicks the second is none
    form.dataset.busy = 'yes'
    if (form.classList.contains('worked')) field('work').value = await workFor(field('ticket').value)
    if (form.classList.contains('kept')) await send(form)
    else {
      form.dataset.ready = 'yes'
      form.requestSubmit(submitter)
    }
    delete form.dataset.busy
  })
}

/** The page stays until the server has said yes: text and photo are still there after a no, or without a connection. */
async function send(form) {
  tell(form, '')
  const button = form.querySelector('button.button')
  const word = button.textContent
  button.textContent = form.dataset.sending
  try {
    const response = await fetch(form.action, {method: 'POST', body: new FormData(form)})
    if (response.redirected) return location.assign(response.url)
    const told = new DOMParser().parseFromString(await response.text(), 'text/html')
    tell(form, told.querySelector('[role=alert]')?.textContent || told.querySelector('main')?.innerText || form.dataset.unsent)
    const ticket = told.querySelector('[name=ticket]')?.value
    if (ticket && form.elements.ticket) form.elements.ticket.value = ticket
  } catch {
    tell(form, form.dataset.unsent)
  }
  button.textContent = word
}

function tell(form, sentence) {
  const place = form.querySelector('#refused')
  place.textContent = sentence.trim()
  place.hidden = !sentence
  if (sentence) place.scrollIntoView({block: 'center'})
}

for (const form of document.querySelectorAll('form.worked, form.kept')) wireForm(form)
