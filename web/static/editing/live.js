// The figures of the plot that was changed last, beside the map.

const panel = document.getElementById('live')
let wanted = 0 // only what was asked for last is shown

/** changes: as the server answers them; the last one that names a feature counts. */
export async function tellPlot({language, planner}, changes) {
  const changed = changes.filter(({uid}) => uid).at(-1)
  if (!changed || !panel) return
  const asked = ++wanted
  const path = [changed.layer, ...changed.uid.split('/')].map(encodeURIComponent).join('/')
  const response = await fetch(`/scenarios/${planner.scenario}/${path}/figures?part&lang=${language}`).catch(() => null)
  if (asked !== wanted || !response?.ok) return
  const told = new DOMParser().parseFromString(await response.text(), 'text/html')
  document.getElementById('live-figures').replaceChildren(...told.body.childNodes)
  panel.hidden = false
}

document.getElementById('live-close')?.addEventListener('click', () => {
  panel.hidden = true
  wanted += 1
})
