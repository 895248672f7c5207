// A sentence that stands for a while, and is read out to those who listen.

const LONG = 6000 // milliseconds

export function toast(text, kind = '') {
  const said = Object.assign(document.createElement('p'), {textContent: text, className: kind})
  document.getElementById('toasts').append(said)
  setTimeout(() => said.remove(), LONG)
}
