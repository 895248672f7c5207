// Follows a computation, and shows the page anew when it has ended.

const PAUSE = 700 // milliseconds
const card = document.getElementById('working')

async function look() {
  const response = await fetch(card.dataset.work).catch(() => null)
  if (response?.status === 404) return location.replace(card.dataset.here)
  if (response?.ok) {
    const {state, percent, doing} = await response.json()
    if (state !== 'working') return location.replace(card.dataset.here)
    document.getElementById('working-bar').value = percent
    document.getElementById('working-said').textContent = `${percent} % · ${doing}`
  }
  setTimeout(look, PAUSE)
}

setTimeout(look, PAUSE)
