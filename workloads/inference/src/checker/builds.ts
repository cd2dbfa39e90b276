import { execFile } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Isolation } from '../engine/isolation.ts'

/** Builds of ggml for processors, from the plainest: the engine loads the best one that the machine can run. */
const BUILDS = ['x64', 'sse42', 'sandybridge', 'ivybridge', 'piledriver', 'haswell', 'skylakex', 'icelake', 'zen4']

/** A way to start an engine with one of its builds only. */
export type Build = { name: string; isolation: Isolation }

/** Puts an empty file in the place of each one named up to `--`, then runs the rest. */
const MASK = 'while [ "$1" != -- ]; do mount --bind /dev/null "$1" || exit 1; shift; done; shift; exec "$@"'
const outer = (hidden: readonly string[], command: readonly string[]): string[] => [
  ...['unshare', '--mount', '--map-root-user', 'sh', '-c', MASK, 'sh'],
  ...hidden,
  '--',
  ...command,
]

/**
 * The engine's builds for processors that can be chosen here, each as a wall through which it sees no other: what
 * calibration needs to know how far they are from each other. None where this machine has no namespaces for mounts, or
 * the engine one build only. Whether the processor can run a build is found out by starting it.
 */
export async function buildsOf({ name: wall, wrap }: Isolation): Promise<Build[]> {
  const folder = librariesOf()
  if (!folder) return []
  const files = readdirSync(folder).filter(file => /^libggml-cpu-\w+\.so$/.test(file))
  const builds = BUILDS.filter(name => files.includes(fileOf(name))).map(name => {
    const hidden = files.filter(file => file !== fileOf(name)).map(file => join(folder, file))
    const isolation: Isolation = {
      name: wall,
      // A library that cannot be loaded is passed over.
      wrap: (command, folders, visible) => outer(hidden, wrap(command, folders, visible)),
    }
    return { name, isolation, hidden }
  })
  const [first] = builds
  if (!first) return []
  const [file, ...rest] = outer(first.hidden, ['true']) as [string, ...string[]]
  const works = await promisify(execFile)(file, rest).then(
    () => true,
    () => false,
  )
  return works ? builds.map(({ name, isolation }) => ({ name, isolation })) : []
}

const fileOf = (name: string): string => `libggml-cpu-${name}.so`

/** Where this machine's builds lie. */
function librariesOf(): string | undefined {
  const name = `${process.platform}-${process.arch}`
  try {
    const engine = createRequire(import.meta.url).resolve('node-llama-cpp')
    const entry = createRequire(engine).resolve(`@node-llama-cpp/${name}`)
    const folder = join(dirname(entry), '..', 'bins', name)
    return existsSync(folder) ? realpathSync(folder) : undefined
  } catch {
    return undefined
  }
}
