// The city within another page of ours: it is told where to look and what to show, and tells where it was moved to.

import {flyAs, follow} from './camera.js'
import {mark} from './marks.js'
import {led} from './moving.js'
import {outlinesOf} from './outlines.js'

const byId = id => document.getElementById(id)
const OF_THE_PAGE = ['PageDown', 'PageUp', 'Escape'] // keys that mean the page around, also where the focus is here
const tell = message => parent.postMessage({ofTheCity: true, ...message}, location.origin)

/** view: deck's. boxes: those that show and hide layers. */
export function wireEmbedded(view, scene, boxes) {
  addEventListener('message', ({origin, source, data}) => {
    if (origin !== location.origin || source !== parent || !data?.toTheCity) return
    if (data.follow) led(view), follow(data.follow)
    if (data.fly) flyAs(data.fly, data.duration)
    if (data.view !== undefined) look(data, boxes)
    if ('chosen' in data) choose(scene, data.chosen)
  })
  addEventListener('camera-moved', ({detail}) => detail && tell({camera: plain(detail)}))
  addEventListener('keydown', keyed, true)
  whenDrawn(() => tell({drawn: true}))
}

const plain = ({longitude, latitude, zoom, pitch, bearing}) => ({longitude, latitude, zoom, pitch, bearing})

/** The tools are not to be seen here, so their keys are not theirs either. */
function keyed(event) {
  const isOurs = OF_THE_PAGE.includes(event.key) && byId('inspector').hidden
  if (isOurs) tell({key: event.key})
  if (isOurs || /^[\p{L}?]$/u.test(event.key)) event.stopPropagation()
}

/** As an address tells it: the camera flies, layers and sun are put as they are there. */
function look({view, camera, duration}, boxes) {
  const wanted = new URLSearchParams(view)
  const layers = wanted.get('layers')?.split(',')
  for (const box of boxes) if (box.checked !== (layers ? layers.includes(box.name) : box.defaultChecked)) box.click()
  history.replaceState(null, '', wanted.get('sun') ? `#sun=${wanted.get('sun')}` : '#')
  dispatchEvent(new Event('hashchange')) // the sun listens
  if (camera) flyAs(camera, duration)
}

/** What is gone here is outlined where it stands in the other scenario. */
async function choose(scene, chosen) {
  const asked = chosen && {[chosen.layer]: [chosen.uid]}
  let outlines = asked ? await outlinesOf(scene, asked) : []
  if (asked && !outlines.length && scene.compared) {
    outlines = await outlinesOf({...scene, outlines: scene.compared.outlines}, asked)
  }
  mark('chosen', outlines)
}

function whenDrawn(then) {
  if (document.documentElement.dataset.ready) return then()
  addEventListener('city-drawn', () => whenDrawn(then), {once: true})
}
