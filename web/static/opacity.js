// How strongly each layer is drawn; what is not full stands in the address.

import {asked, remember} from './address.js'

const FULL = 100
const LEAST = 10
const veiled = new Map((asked('opacity') ?? '').split(',').map(one => one.split(':')).filter(([name, share]) =>
  name && Number(share) >= LEAST && Number(share) < FULL).map(([name, share]) => [name, Number(share)]))
let waiting

/** A layer of the spec as strong as it is wanted. */
export function faded(spec) {
  const strengths = Object.fromEntries([...veiled].map(([name, share]) => [name, share / FULL]))
  return {...spec, opacity: strengths[spec.id] ?? 1, strengths}
}

export function wireOpacity({redraw}) {
  for (const slider of document.querySelectorAll('.veil input')) {
    slider.value = veiled.get(slider.name) ?? FULL
    tell(slider)
    slider.closest('.veil').open = slider.value < FULL
    slider.addEventListener('input', () => {
      slider.value < FULL ? veiled.set(slider.name, Number(slider.value)) : veiled.delete(slider.name)
      tell(slider)
      clearTimeout(waiting)
      waiting = setTimeout(() => {
        remember('opacity', veiled.size ? [...veiled].map(pair => pair.join(':')).join(',') : null)
        redraw()
      }, 120)
    })
  }
}

function tell(slider) {
  slider.nextElementSibling.textContent = `${slider.value} %`
  slider.closest('.veil').classList.toggle('some', slider.value < FULL)
}
