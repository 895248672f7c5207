// The page that is handed out: what lies in it is drawn; nothing is asked of anybody.

const byId = id => document.getElementById(id)
const read = id => JSON.parse(byId(id).textContent)
const {layers, looks} = read('scene')
const words = read('words')
const hidden = new Set(layers.filter(layer => !layer.shown).map(layer => layer.name))
const planned = Math.max(...layers.map(layer => layer.scenario))
let scenario = planned
let view

const WHITE = [255, 255, 255]
const alpha = (color, share) => [...color, Math.round(255 * share)]

function drawn() {
  return layers.filter(layer => layer.scenario === scenario && !hidden.has(layer.name)).flatMap(layer => [
    layer.areas.length && (layer.name === 'buildings' ? blocks(layer) : areas(layer)),
    layer.lines.length && lines(layer),
    layer.points.length && points(layer),
  ]).filter(Boolean)
}

const id = (layer, kind) => `${layer.name}-${layer.scenario}-${kind}`

function blocks(layer) {
  return new deck.PolygonLayer({id: id(layer, 'blocks'), data: layer.areas, extruded: true, getPolygon: one => one[0],
    getElevation: one => one[2], getFillColor: one => looks[one[3]] ?? looks.existing, material: {ambient: 0.6, diffuse: 0.5}})
}

function areas(layer) {
  return new deck.PolygonLayer({id: id(layer, 'areas'), data: layer.areas, stroked: layer.opacity < 1, filled: layer.opacity > 0,
    getPolygon: one => one[0], getFillColor: one => alpha(one[1], layer.opacity), getLineColor: one => one[1].map(part => part * 0.72),
    getLineWidth: 0.8, lineWidthMinPixels: 1, parameters: {depthCompare: 'always'}})
}

function lines(layer) {
  return new deck.PathLayer({id: id(layer, 'lines'), data: layer.lines, getPath: one => one[0], getColor: one => one[1],
    getWidth: one => one[2], widthMinPixels: 1, capRounded: true, jointRounded: true, parameters: {depthCompare: 'always'}})
}

function points(layer) {
  const isTree = layer.name === 'trees'
  return new deck.ScatterplotLayer({id: id(layer, 'points'), data: layer.points, getPosition: one => isTree ? [...one[0], 4] : one[0],
    getFillColor: one => alpha(one[1], isTree ? 0.85 : 1), getRadius: one => (isTree ? one[2] / 2 : 3), radiusMinPixels: isTree ? 1 : 5,
    stroked: !isTree, getLineColor: WHITE, lineWidthMinPixels: 1.5, billboard: !isTree})
}

function firstView() {
  const of = layers.find(layer => layer.name === 'buildings' && layer.areas.some(one => one[3])) ??
    layers.find(layer => layer.name === 'buildings') ?? layers[0]
  const chosen = of.areas.filter(one => one[3])
  const places = (chosen.length ? chosen : of.areas).flatMap(one => one[0][0])
  const all = places.length ? places : [...of.lines.flatMap(one => one[0]), ...of.points.map(one => one[0])]
  const [x, y] = [0, 1].map(axis => all.map(place => place[axis]))
  const [west, east, south, north] = [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)]
  const wide = Math.max(east - west, (north - south) * 1.6, 0.001)
  return {longitude: (west + east) / 2, latitude: (south + north) / 2, zoom: Math.min(Math.log2(360 / wide) - 0.2, 18), pitch: 50, bearing: 15, maxPitch: 80}
}

const redraw = () => view?.setProps({layers: drawn()})

for (const layer of layers.filter(layer => layer.scenario === planned)) {
  const item = byId('layers').appendChild(document.createElement('li'))
  const label = item.appendChild(document.createElement('label'))
  const box = Object.assign(document.createElement('input'), {type: 'checkbox', checked: layer.shown})
  box.addEventListener('change', () => {
    hidden[box.checked ? 'delete' : 'add'](layer.name)
    redraw()
  })
  label.append(box, layer.title)
}
for (const choice of document.querySelectorAll('[name=when]')) {
  choice.addEventListener('change', () => {
    scenario = choice.value === 'today' ? 0 : planned
    redraw()
  })
}

if (document.createElement('canvas').getContext('webgl2')) {
  view = new deck.Deck({parent: byId('view'), views: new deck.MapView({repeat: false}), initialViewState: firstView(),
    controller: true, layers: drawn(), onAfterRender: () => (document.documentElement.dataset.ready = '')})
} else {
  byId('help').textContent = words['no-3d']
  document.documentElement.dataset.ready = 'without-webgl'
}
