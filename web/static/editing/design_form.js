// The server's look at a chosen file, shown in its form.

/** Sends the file to be looked at. Answers the preview, or null where it was refused: the form says why. */
export async function lookedAt(form) {
  const sent = new FormData(form)
  sent.set('does', 'look')
  const response = await fetch(`${form.action}&part`, {method: 'POST', body: sent}).catch(() => null)
  const told = new DOMParser().parseFromString((await response?.text()) ?? '', 'text/html')
  const sentence = told.querySelector('[data-wrong]')?.textContent ?? told.querySelector('h2')?.textContent ?? ''
  wrong(form, sentence.trim())
  form.querySelector('[data-found]').replaceChildren(...(told.querySelector('[data-found]')?.childNodes ?? []))
  const drawn = form.querySelector('[data-found] [data-drawn]')
  return drawn ? JSON.parse(drawn.textContent) : null
}

export function wrong(form, sentence) {
  const place = form.querySelector('[data-wrong]')
  place.textContent = sentence
  place.hidden = !sentence
}
