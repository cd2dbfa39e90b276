/**
 * Builds every public package as it is published: JavaScript and types in dist/ (Node refuses `.ts` under
 * node_modules), exports that point there, one tarball each.
 *
 *   node scripts/pack.ts [folder]     tarballs into this folder (default: dist/packages)
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

type Manifest = {
  name: string
  private?: boolean
  bin?: Record<string, string>
  files?: string[]
  imports?: Record<string, unknown>
  exports?: Record<string, unknown>
  type?: string
}

const root = join(import.meta.dirname, '..')

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** `./src/x.ts` (or `./x.ts`) as it is called in dist/. */
const built = (path: string): string => path.replace(/^\.\/(src\/)?/, './dist/').replace(/\.ts$/, '.js')

function rewrite(value: unknown): unknown {
  if (typeof value === 'string') return value.endsWith('.ts') ? built(value) : value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rewrite(inner)]))
}

/** The sources of a package: everything but tests and what only tests use. */
function sourcesOf(folder: string): string[] {
  const exclude = (path: string): boolean => /\.test\.ts$|(^|\/)(testing|node_modules|dist|vectors)\//.test(path)
  const files = globSync(['src/**/*.ts', '*.ts'], { cwd: folder }).filter(file => !exclude(file))
  return files.map(file => join(folder, file))
}

/** Folders of all public packages. */
export function publicPackages(): string[] {
  return globSync(['packages/*', 'workloads', 'workloads/*', 'services/*', 'apps/*'], { cwd: root })
    .map(folder => join(root, folder))
    .filter(folder => existsSync(join(folder, 'package.json')) && !manifestOf(folder).private)
}

function stage(folder: string, target: string): void {
  const manifest = manifestOf(folder)
  mkdirSync(target, { recursive: true })
  if (manifest.files?.includes('dist')) {
    cpSync(join(folder, 'dist'), join(target, 'dist'), { recursive: true })
  } else {
    const rootDir = existsSync(join(folder, 'src')) ? join(folder, 'src') : folder
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { noEmit: false, declaration: true, rootDir, outDir: join(target, 'dist') },
      files: sourcesOf(folder),
      include: [],
    }
    const file = join(folder, 'tsconfig.pack.json')
    writeFileSync(file, JSON.stringify(config))
    try {
      execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', file], { cwd: root, stdio: 'inherit' })
    } finally {
      rmSync(file)
    }
  }
  for (const extra of ['README.md', 'models', 'bin']) {
    if (existsSync(join(folder, extra))) cpSync(join(folder, extra), join(target, extra), { recursive: true })
  }
  cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'))
  const published = {
    ...manifest,
    ...(manifest.bin ? { bin: rewrite(manifest.bin) } : {}),
    ...(manifest.imports ? { imports: rewrite(manifest.imports) } : {}),
    ...(manifest.exports ? { exports: rewrite(manifest.exports) } : {}),
    files: ['dist', 'models', 'bin'],
    engines: { node: '^22.21.0 || >=24.9.0' },
  }
  writeFileSync(join(target, 'package.json'), JSON.stringify(published, null, 2))
}

/** Builds and packs everything; gives the tarballs. */
export function packAll(into: string): string[] {
  const staging = join(into, 'staging')
  rmSync(into, { recursive: true, force: true })
  const tarballs: string[] = []
  for (const folder of publicPackages()) {
    const target = join(staging, relative(root, folder).replaceAll('/', '-'))
    stage(folder, target)
    const name = execFileSync('npm', ['pack', '--silent', '--pack-destination', into], {
      cwd: target,
      encoding: 'utf8',
    }).trim()
    tarballs.push(join(into, name.split('\n').at(-1)!))
  }
  rmSync(staging, { recursive: true })
  return tarballs
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  const into = resolve(process.argv[2] ?? join(root, 'dist/packages'))
  mkdirSync(dirname(into), { recursive: true })
  for (const tarball of packAll(into)) console.log(tarball)
}
