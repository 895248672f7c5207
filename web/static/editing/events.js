// Hears of others' changes as they happen.

const SEEN = new Set() // changes of our own, which need not be told

export const ours = changes => changes.forEach(({change}) => SEEN.add(change))

export function wireEvents({events, person}, told) {
  if (!events) return
  const source = new EventSource(events) // asks anew by itself, from the last event that it saw
  source.addEventListener('change', ({data}) => {
    const change = JSON.parse(data)
    if (!SEEN.has(change.change)) told(change, person !== null && change.person === person)
  })
  source.addEventListener('reload', () => location.reload())
  addEventListener('pagehide', () => source.close())
}
