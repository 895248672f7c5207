// Puts the page's third-party parts into web/static/bundle: the typeface, and the editor of geometries, with their licences.
import {build} from 'esbuild'
import {cp, readdir, readFile, writeFile} from 'node:fs/promises'

const out = new URL('../static/bundle/', import.meta.url).pathname

await build({
  entryPoints: ['fonts.css'],
  bundle: true,
  minify: true,
  outdir: out,
  loader: {'.woff2': 'file'},
  assetNames: '[name]',
})
await cp('node_modules/@fontsource-variable/source-sans-3/LICENSE', `${out}source-sans-3.LICENSE`)

// One deck.gl draws the city and what is drawn upon it: the one that pydeck ships and the page has loaded. So what the
// editor wants of its peers need not be installed (.npmrc).
const sharedWithPydeck = {
  name: 'shared-with-pydeck',
  setup(build) {
    for (const name of ['deck', 'luma']) {
      build.onResolve({filter: new RegExp(`^@${name}\\.gl/`)}, ({path}) => ({path, namespace: name}))
      build.onLoad({filter: /.*/, namespace: name}, () => ({contents: `module.exports = window.${name}`}))
    }
    // Hexagons are not drawn here.
    build.onResolve({filter: /^h3-js$/}, ({path}) => ({path, namespace: 'unused', sideEffects: false}))
    build.onLoad({filter: /.*/, namespace: 'unused'}, () => ({contents: 'module.exports = {}'}))
  },
}

const {metafile} = await build({
  entryPoints: ['editor.js'],
  bundle: true,
  minify: true,
  format: 'esm',
  outdir: out,
  plugins: [sharedWithPydeck],
  metafile: true,
})
await writeFile(`${out}editor.LICENSES`, await licences(metafile))

/** The licence of each package that a byte of the bundle comes from. */
async function licences({inputs}) {
  const packages = new Set(Object.keys(inputs).map(path => path.match(/.*node_modules\/((@[^/]+\/)?[^/]+)/)?.[0]))
  packages.delete(undefined)
  const told = [...packages].sort().map(async folder => {
    const {name, version, license} = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'))
    const file = (await readdir(folder)).find(each => /^licen[cs]e/i.test(each))
    return `${name} ${version}: ${license}\n\n${file ? await readFile(`${folder}/${file}`, 'utf8') : ''}`
  })
  return (await Promise.all(told)).join('\n\n')
}
