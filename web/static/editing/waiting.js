// Edits that the server has not answered yet, kept in the browser: a dropped connection or a closed page loses none.

let shelf // a promise: the browser's own database, or a list where it gives none

const opened = () => (shelf ??= new Promise(found => {
  const request = indexedDB.open('twin', 1)
  request.onupgradeneeded = () => request.result.createObjectStore('edits', {keyPath: 'id', autoIncrement: true})
  request.onsuccess = () => found(request.result)
  request.onerror = () => found(null)
}).catch(() => null))

const inMemory = new Map()
let last = 0

async function asked(mode, ask) {
  const database = await opened()
  return new Promise((found, failed) => {
    const request = ask(database.transaction('edits', mode).objectStore('edits'))
    request.onsuccess = () => found(request.result)
    request.onerror = () => failed(request.error)
  })
}

/** Keeps an edit; one with an `id` replaces the one that is kept. */
export async function keep(edit) {
  if (await opened()) return {...edit, id: await asked('readwrite', store => store.put(edit))}
  const kept = {...edit, id: edit.id ?? ++last}
  inMemory.set(kept.id, kept)
  return kept
}

export async function drop({id}) {
  if (await opened()) return asked('readwrite', store => store.delete(id))
  inMemory.delete(id)
}

/** The edits of this person in this scenario, oldest first. */
export async function waitingOf({scenario, person}) {
  const all = (await opened()) ? await asked('readonly', store => store.getAll()) : [...inMemory.values()]
  return all.filter(edit => edit.scenario === scenario && edit.person === person)
}
