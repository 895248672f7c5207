// Puts the page's third-party parts into web/static/bundle: today the typeface Source Sans 3, with its licence.
import {build} from 'esbuild'
import {cp} from 'node:fs/promises'

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
