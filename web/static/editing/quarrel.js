// Two people changed the same: shows both states, and lets the later one decide.

import {element} from './overlay.js'
import {mapped, placesOf, planeAt, polygonsOf} from './plane.js'

const byId = id => document.getElementById(id)
const [WIDTH, HEIGHT, ROOM] = [430, 150, 14]

/** edit: what is waiting; answer: {theirs, by, at}. Answers "mine" or "theirs"; to close the dialog keeps theirs. */
export async function decide({language, words, planner}, edit, {theirs, by, at}) {
  const fields = planner.fields[edit.keys[0].split('/')[0]] ?? {}
  const title = theirs?.properties?.name || theirs?.properties?.address || fields[''] || ''
  const time = at ? new Intl.DateTimeFormat(language, {timeStyle: 'short'}).format(new Date(at)) : ''
  byId('quarrel-why').textContent = words['quarrel-why']
    .replace('{by}', by || words.somebody).replace('{title}', title).replace('{at}', time)
  byId('quarrel-fields').replaceChildren(...differences(edit, theirs, fields, words).map(row))
  byId('quarrel-outlines').replaceChildren(...outlines(edit.body.geometry, theirs?.geometry))
  const dialog = byId('quarrel')
  dialog.returnValue = ''
  dialog.showModal()
  await new Promise(closed => dialog.addEventListener('close', closed, {once: true}))
  return dialog.returnValue === 'mine' ? 'mine' : 'theirs'
}

function differences({method, body}, theirs, fields, words) {
  const said = (name, value) => (value === null || value === undefined || value === '' ? words.unknown
    : fields[name]?.codes?.[value] ?? `${value}${fields[name]?.unit ? ` ${fields[name].unit}` : ''}`)
  if (method === 'DELETE' || !theirs?.geometry) {
    const mine = method === 'DELETE' ? words['is-gone'] : words.mine
    return [['', mine, theirs?.geometry ? words.theirs : words['is-gone']]]
  }
  const mine = body.properties ?? {}
  const rows = Object.keys(mine).filter(name => name in fields && mine[name] !== theirs.properties[name])
    .map(name => [fields[name].title, said(name, mine[name]), said(name, theirs.properties[name])])
  if (body.geometry) rows.push([words['outline-differs'], '▬▬', '╍╍'])
  return rows
}

function row([title, mine, theirs]) {
  const made = document.createElement('tr')
  made.append(
    Object.assign(document.createElement('th'), {scope: 'row', textContent: title}),
    Object.assign(document.createElement('td'), {className: 'mine', textContent: mine}),
    Object.assign(document.createElement('td'), {className: 'theirs', textContent: theirs}),
  )
  return made
}

/** Both in one small picture, north up. */
function outlines(mine, theirs) {
  const isArea = ([, geometry]) => geometry && polygonsOf(geometry).length
  const shapes = [['theirs', theirs], ['mine', mine]].filter(isArea)
  if (!mine || !shapes.length) return []
  const {flat} = planeAt(placesOf(shapes[0][1])[0])
  const drawn = shapes.map(([kind, geometry]) => [kind, polygonsOf(mapped(geometry, flat)).flat()])
  const all = drawn.flatMap(([, rings]) => rings.flat())
  const [west, east] = [Math.min, Math.max].map(end => end(...all.map(([x]) => x)))
  const [south, north] = [Math.min, Math.max].map(end => end(...all.map(([, y]) => y)))
  const fit = Math.min((WIDTH - 2 * ROOM) / (east - west || 1), (HEIGHT - 2 * ROOM) / (north - south || 1))
  const at = ([x, y]) => [WIDTH / 2 + (x - (west + east) / 2) * fit, HEIGHT / 2 - (y - (south + north) / 2) * fit]
  byId('quarrel-outlines').setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`)
  const path = rings => rings.map(ring => `M${ring.map(at).join('L')}Z`).join('')
  return drawn.map(([kind, rings]) => element('path', {class: kind, 'fill-rule': 'evenodd', d: path(rings)}))
}
