// One device for many people: after a pause the page begins anew, and nothing of whoever was there is kept.

const USUAL = 90 // seconds without a touch
const asked = new URLSearchParams(location.search).get('kiosk')
if (asked !== null) sessionStorage.setItem('kiosk', JSON.stringify([location.href, Number(asked) || USUAL]))
const kept = sessionStorage.getItem('kiosk') // the tab's own: where it begins, and how long it waits

if (kept) {
  const [start, seconds] = JSON.parse(kept)
  let waiting
  const wait = () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => (location.href === start ? location.reload() : location.replace(start)), seconds * 1000)
  }
  for (const type of ['pointerdown', 'keydown', 'input', 'wheel']) addEventListener(type, wait, {passive: true})
  document.documentElement.classList.add('kiosk')
  // The server then leaves no cookie in this browser.
  addEventListener('submit', ({target}) => {
    if (!target.elements.kiosk) target.append(Object.assign(document.createElement('input'), {type: 'hidden', name: 'kiosk', value: '1'}))
  }, {capture: true})
  if (asked === null) wait() // at the beginning nobody is there yet
}
