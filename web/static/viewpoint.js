// The view that is kept is the one from which the form was opened: it came along behind the #.

const view = document.getElementById('viewpoint-view')
if (location.hash.length > 1 && !view.value) view.value = location.hash.slice(1)
