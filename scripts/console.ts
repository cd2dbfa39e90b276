/**
 * Bundles apps/console for the browser into apps/console/dist.
 * `--if-stale` does nothing when the sources are the ones that were bundled last.
 */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'

const root = join(import.meta.dirname, '..')
const source = join(root, 'apps/console/src')
const dist = join(root, 'apps/console/dist')

const sourceDigest = (): string => {
  const digest = createHash('sha256')
  const files = globSync(['apps/console/src/**/*.*', 'packages/protocol/src/**/*.ts', 'scripts/console.ts'], {
    cwd: root,
    exclude: ['**/*.test.ts'],
  })
  for (const file of files.sort()) {
    digest
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return digest.digest('hex')
}

/** zod brings its messages in sixty languages, half of the bundle; the page needs only those of the protocol. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup({ onLoad }) {
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: "export { default as en } from './en.js'" }))
  },
}

/** Bundles as a browser would load it. Throws when anything that only Node has got in; gives what was written. */
export async function bundle(options: BuildOptions & { write: boolean }): Promise<readonly { text: string }[]> {
  const { metafile, outputFiles = [] } = await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'browser',
    target: 'es2023',
    metafile: true,
    legalComments: 'eof',
    logLevel: 'warning',
    ...options,
  })
  const imports = Object.entries(metafile!.inputs).flatMap(([file, input]) =>
    input.imports.map(one => ({ file, path: one.path })),
  )
  const foreign = imports.find(({ path }) => path.startsWith('node:') || path.endsWith('.node'))
  if (foreign) throw new Error(`${foreign.file} imports ${foreign.path}, which no browser has`)
  return outputFiles
}

/** Builds the console's files into a folder. */
export async function buildConsole(directory: string = dist): Promise<void> {
  mkdirSync(directory, { recursive: true })
  await bundle({
    entryPoints: { app: join(source, 'main.ts'), style: join(source, 'style.css') },
    outdir: directory,
    format: 'esm',
    minify: true,
    plugins: [englishOnly],
    write: true,
  })
  for (const name of ['index.html', 'icon.svg']) copyFileSync(join(source, name), join(directory, name))
}

if (import.meta.main) {
  const stampFile = join(dist, '.built')
  const digest = sourceDigest()
  const isFresh = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest
  if (!(process.argv.includes('--if-stale') && isFresh)) {
    console.log('Building the console…')
    await buildConsole()
    writeFileSync(stampFile, digest)
  }
}
