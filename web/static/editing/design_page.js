// The form of a design without the map: a look at it leaves the file chosen, so that it can be planned next.

import {lookedAt} from './design_form.js'

document.querySelector('.design-form').addEventListener('submit', async event => {
  if (event.submitter?.value !== 'look') return
  event.preventDefault()
  await lookedAt(event.target)
})
