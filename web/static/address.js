// The view's address: camera and layers stand behind the #, so that a link is a saved view.

const read = () => new URLSearchParams(location.hash.slice(1))

function write(key, value) {
  const parts = read()
  if (value === null) parts.delete(key)
  else parts.set(key, value)
  const text = String(parts).replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':')
  history.replaceState(null, '', `#${text}`)
}

export const asked = key => read().get(key)
export const remember = write // null forgets

/** Names of the layers that the address asks for, null where it does not say or names none of those there are. */
export function layersAsked(there) {
  const names = read().get('layers')?.split(',').filter(Boolean) ?? null
  return names?.length && !names.some(name => there.includes(name)) ? null : names
}

export const rememberLayers = names => write('layers', names.join(','))

/** The camera that the address asks for, null where it does not say or says nonsense. */
export function cameraAsked() {
  const numbers = read().get('camera')?.split(',').map(Number)
  if (numbers?.length !== 5 || !numbers.every(Number.isFinite)) return null
  const [longitude, latitude, zoom, pitch, bearing] = numbers
  if (Math.abs(longitude) > 180 || Math.abs(latitude) > 85) return null
  return {
    longitude,
    latitude,
    zoom: Math.min(Math.max(zoom, 9), 21),
    pitch: Math.min(Math.max(pitch, 0), 80),
    bearing: bearing % 360,
  }
}

/** Whether the address asked for a camera that cannot be. */
const unread = read().has('camera') && !cameraAsked()
export const cameraIsUnread = () => unread

/** Day and time of the sun that the address asks for: "2026-03-21T15:20". */
export const sunAsked = () => /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)$/.exec(read().get('sun') ?? '')

export const rememberSun = text => write('sun', text)

let waiting
/** Written once the camera rests: browsers allow only so many changes of an address a second. */
export function rememberCamera({longitude, latitude, zoom, pitch, bearing}) {
  clearTimeout(waiting)
  const text = [longitude.toFixed(6), latitude.toFixed(6), zoom.toFixed(2), pitch.toFixed(0), bearing.toFixed(0)]
  waiting = setTimeout(() => write('camera', text.join(',')), 300)
}
