// Outlines over the picture: of what lies under the pointer, and of what is selected. Like names, they cost the scene nothing.

const byId = id => document.getElementById(id)
const STYLES = {
  chosen: {line: 'rgb(11 110 110)', fill: 'rgb(11 110 110 / .28)', width: 3.5},
  planned: {line: 'rgb(37 99 184)', fill: 'rgb(37 99 184 / .22)', width: 3.5},
  hover: {line: 'rgb(214 140 0)', fill: 'rgb(255 208 30 / .4)', width: 4},
}
const HALO = 'rgb(255 255 255 / .8)'
const NEAR = 1e-4 // of the eye's depth: what lies behind it cannot be projected
const shown = {chosen: [], planned: [], hover: []} // as web/selection.py tells outlines
let city

export function wireMarks(wired) {
  city = wired
  addEventListener('city-drawn', draw)
  addEventListener('city-picture', ({detail}) => paint(detail, ['chosen']))
}

/** kind: chosen, planned (what a verb is about) or hover. */
export function mark(kind, outlines) {
  if (shown[kind].length === 0 && outlines.length === 0) return
  shown[kind] = outlines
  if (city) draw()
}

function draw() {
  const canvas = byId('marks')
  const {clientWidth: width, clientHeight: height} = byId('view')
  const ratio = Math.min(devicePixelRatio, 2)
  const isEmpty = Object.values(shown).every(outlines => outlines.length === 0)
  if (isEmpty && canvas.hidden) return
  canvas.hidden = isEmpty
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio)
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio)
  const painter = canvas.getContext('2d')
  painter.setTransform(ratio, 0, 0, ratio, 0, 0)
  painter.clearRect(0, 0, width, height)
  paint(painter, Object.keys(shown))
}

function paint(painter, kinds) {
  const viewport = city.view.getViewports()[0]
  if (!viewport) return
  painter.lineJoin = painter.lineCap = 'round'
  for (const kind of kinds) {
    for (const outline of shown[kind]) paintOne(painter, viewport, outline, STYLES[kind])
  }
}

function paintOne(painter, viewport, {areas, lines, points}, style) {
  const path = new Path2D()
  for (const rings of areas) rings.forEach(ring => add(path, clipped(eyed(viewport, ring), true), viewport, true))
  painter.fillStyle = style.fill
  painter.fill(path, 'evenodd')
  for (const line of lines) add(path, clipped(eyed(viewport, line), false), viewport, false)
  for (const [x, y, , w] of points.flatMap(point => eyed(viewport, point))) {
    if (w < NEAR) continue
    const [left, top] = pixel(viewport, [x, y, 0, w])
    path.moveTo(left + 11, top)
    path.arc(left, top, 11, 0, 2 * Math.PI)
  }
  painter.strokeStyle = HALO
  painter.lineWidth = style.width + 3
  painter.stroke(path)
  painter.strokeStyle = style.line
  painter.lineWidth = style.width
  painter.stroke(path)
}

/** Before the eye's division: [x, y, z, w]. */
function eyed(viewport, line) {
  const m = viewport.viewProjectionMatrix
  return line.map(place => {
    const [x, y, z] = viewport.projectPosition(place)
    return [0, 1, 2, 3].map(i => m[i] * x + m[4 + i] * y + m[8 + i] * z + m[12 + i])
  })
}

/** What of a line lies before the eye; a ring stays a ring, a line may fall into several. */
function clipped(points, isRing) {
  const found = [[]]
  points.forEach((point, i) => {
    const before = points[i - 1]
    if (before && before[3] < NEAR !== point[3] < NEAR) {
      const share = (NEAR - before[3]) / (point[3] - before[3])
      const edge = before.map((value, k) => value + share * (point[k] - value))
      if (!isRing && point[3] >= NEAR) found.push([])
      found.at(-1).push(edge)
    }
    if (point[3] >= NEAR) found.at(-1).push(point)
  })
  return found
}

function add(path, runs, viewport, isRing) {
  for (const run of runs) {
    run.forEach((point, i) => path[i ? 'lineTo' : 'moveTo'](...pixel(viewport, point)))
    if (isRing && run.length) path.closePath()
  }
}

const FAR = 2e4 // pixels beyond the screen, where browsers draw no more

function pixel({width, height}, [x, y, , w]) {
  const near = value => Math.min(Math.max(value, -FAR), FAR)
  return [near(((x / w + 1) / 2) * width), near(((1 - y / w) / 2) * height)]
}
