// Menus close when one looks elsewhere; and whoever goes from one scenario to another keeps the view.

const open = () => [...document.querySelectorAll('details.drop[open]')]

addEventListener('pointerdown', event => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false
})
addEventListener('keydown', event => {
  if (event.key !== 'Escape') return
  for (const menu of open()) {
    menu.open = false
    menu.querySelector('summary').focus()
  }
})
for (const menu of document.querySelectorAll('details.drop')) {
  menu.addEventListener('focusout', ({relatedTarget}) => {
    if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false
  })
}
for (const link of document.querySelectorAll('[data-keep-view]')) {
  link.addEventListener('click', () => (link.hash = location.hash))
}
