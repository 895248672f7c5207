// A city in a frame of the page: where it is, what it is told, and what it tells (embedded.js is its other end).

document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault() // behind the # stands the view
  document.getElementById('content').focus()
})

/** frame: an <iframe> with data-src. hear: is given what comes from it. */
export function framed(frame, hear) {
  addEventListener('message', ({origin, source, data}) => {
    if (origin === location.origin && source === frame.contentWindow && data?.ofTheCity) hear(data) // tools talk, too
  })
  return {
    frame,
    tell: message => frame.contentWindow.postMessage({toTheCity: true, ...message}, location.origin),
    show: (camera, rest = '') => (frame.src = `${frame.dataset.src}#${addressOf(camera)}${rest}`),
  }
}

const addressOf = camera => (camera
  ? `camera=${['longitude', 'latitude', 'zoom', 'pitch', 'bearing'].map(name => camera[name]).join(',')}` : '')
