// Keeps the form for work on site, so that it opens without a connection; where there is one, the newest is taken.

const KEPT = {{ kept | tojson }}
const NAME = 'twin-field'

addEventListener('install', event => event.waitUntil(caches.open(NAME).then(cache => cache.addAll(KEPT)).then(() => skipWaiting())))
addEventListener('activate', event => event.waitUntil(clients.claim()))
addEventListener('fetch', event => {
  const {pathname, origin} = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== location.origin || !KEPT.includes(pathname)) return
  event.respondWith(fetch(event.request)
    .then(async answer => (answer.ok && !answer.redirected && (await caches.open(NAME)).put(event.request, answer.clone()), answer))
    .catch(async () => (await caches.match(event.request, {ignoreSearch: true})) ?? Response.error()))
})
