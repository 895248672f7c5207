// The server's form beside the city: what is entered is saved at once, and what the handles do stands in it.

const form = () => document.querySelector('#inspected .edit-form')
const field = name => form()?.elements.namedItem(name)
/** What is entered, else what the server would take for it. */
const numberIn = name => {
  const text = field(name)?.value || field(name)?.placeholder
  return text ? Number(text) : null
}

/** What the form says of the building; null where it is about another layer. */
export function building(planner) {
  if (form()?.dataset.layer !== 'buildings') return null
  return {
    storeys: numberIn('storeys') ?? 1,
    storeyHeight: numberIn('storey_height') ?? planner.assumptions.storey_height,
    roof: field('roof_type')?.value || '1000',
    pitch: numberIn('roof_pitch') ?? 0,
    use: field('use')?.value ?? null,
    dwellings: numberIn('dwellings'),
  }
}

export const formOf = () => form() && {...form().dataset, seen: Number(form().dataset.seen)}

/** The values of the fields, as the API takes them. names: only these. */
export function values(names) {
  const found = {}
  for (const control of form().querySelectorAll('[data-kind]')) {
    if (names && !names.includes(control.name)) continue
    const {value} = control
    const {kind} = control.dataset
    found[control.name] = value === '' ? null
      : kind === 'number' || kind === 'whole' ? Number(value)
      : kind === 'yes-no' ? value === 'true'
      : value
  }
  return found
}

export function set(name, value) {
  const control = field(name)
  if (control) control.value = value
}

export function fill(properties) {
  for (const control of form()?.querySelectorAll('[data-kind]') ?? []) {
    const value = properties[control.name]
    if (control !== document.activeElement) control.value = value ?? ''
  }
}

export function tell(text) {
  const said = form()?.querySelector('[data-said]')
  if (said) said.textContent = text
}

export function seen(version) {
  if (form()) form().dataset.seen = version
}

export function cornersAre(edited, words) {
  const button = form()?.querySelector('[data-does=corners]')
  if (!button) return
  button.textContent = words[edited ? 'corners-done' : 'corners']
  button.setAttribute('aria-pressed', String(edited))
}

/** on: {fields(names), measures(), corners(), clear(), restore(), input()}. */
export function wireForm(on) {
  const panel = document.getElementById('inspected')
  panel.addEventListener('change', ({target}) => {
    if (!target.closest('.edit-form')) return
    if (target.dataset.kind) on.fields([target.name])
    else if (target.dataset.measure || target.name === 'outline') on.measures()
  })
  panel.addEventListener('input', ({target}) => target.dataset.kind && on.input())
  panel.addEventListener('submit', event => {
    event.preventDefault()
    const {value} = event.submitter ?? {}
    if (value === 'clear' || value === 'restore') on[value]()
    else on.fields(null)
  })
  panel.addEventListener('click', ({target}) => {
    const button = target.closest('button')
    if (button?.dataset.step) {
      const control = field(button.dataset.of)
      control.value = Math.max(Number(control.min || 0), Number(control.value || 0) + Number(button.dataset.step))
      on.fields([control.name])
    } else if (button?.dataset.does) on[button.dataset.does]()
  })
}

/** Middle, width, depth and angle as they are entered, in metres of the city. */
export function measures() {
  const names = ['east', 'north', 'width', 'depth', 'angle']
  return Object.fromEntries([...names, 'outline'].map(name => [name, field(name)?.value ?? '']))
}
