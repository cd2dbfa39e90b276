import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { catalogue } from '@heddle/protocol'

const root = join(import.meta.dirname, '../..')

/** Rooms, the lowest first. A room imports only rooms of lower rank; rooms of one rank do not know each other. */
const RANKS: readonly (readonly string[])[] = [
  ['packages/protocol'],
  ['packages/testing'],
  ['packages/chain', 'packages/ledger', 'packages/link', 'packages/daemon', 'workloads/inference'],
  ['packages/payments', 'workloads'],
  ['packages/sdk'],
  ['services/provider', 'services/gateway', 'services/watcher'],
  ['apps/console'],
  ['apps/cli'],
]
/** What a workload may import of the house: the words, and nothing else. What only its tests use may import what tests are made of. */
const workloadRooms = (file: string): readonly string[] =>
  file.includes('/testing/') ? ['packages/protocol', 'packages/testing'] : ['packages/protocol']

const ROOM_OF_PACKAGE: Readonly<Record<string, string>> = {
  '@heddle/protocol': 'packages/protocol',
  '@heddle/chain': 'packages/chain',
  '@heddle/ledger': 'packages/ledger',
  '@heddle/link': 'packages/link',
  '@heddle/daemon': 'packages/daemon',
  '@heddle/testing': 'packages/testing',
  '@heddle/inference': 'workloads/inference',
  '@heddle/workloads': 'workloads',
  '@heddle/payments': 'packages/payments',
  '@heddle/sdk': 'packages/sdk',
  '@heddle/provider': 'services/provider',
  '@heddle/gateway': 'services/gateway',
  '@heddle/watcher': 'services/watcher',
  '@heddle/console': 'apps/console',
  heddle: 'apps/cli',
}
const rooms = RANKS.flat()
const rankOf = (room: string): number => RANKS.findIndex(rank => rank.includes(room))
const roomOf = (path: string): string | undefined =>
  [...rooms].sort((a, b) => b.length - a.length).find(room => path.startsWith(`${room}/`))

type Import = { file: string; room: string; specifier: string; target: string | undefined }

function imports(): Import[] {
  const exclude = (path: string): boolean => /node_modules|\/dist\/|\.test\.ts$|\/vectors\//.test(path)
  const files = globSync('{packages,workloads,services,apps}/**/*.ts', { cwd: root }).filter(path => !exclude(path))
  return files.flatMap(file => {
    const text = readFileSync(join(root, file), 'utf8')
    const found = [
      ...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g),
      ...text.matchAll(/import\.meta\.resolve\('([^']+)'/g),
    ]
    return found.map(([, specifier]) => {
      const name = specifier!.startsWith('@heddle/') ? specifier!.split('/').slice(0, 2).join('/') : specifier!
      const target = specifier!.startsWith('.')
        ? roomOf(normalize(join(dirname(file), specifier!)))
        : ROOM_OF_PACKAGE[name]
      return { file, room: roomOf(file)!, specifier: specifier!, target }
    })
  })
}

test('arrows point down', () => {
  const wrong = imports().filter(({ room, target }) => target && target !== room && rankOf(target) >= rankOf(room))
  assert.deepEqual(wrong, [])
})

test('a service never imports another service, and a workload knows only the words', () => {
  const wrong = imports().filter(({ file, room, target }) => {
    if (!target || target === room) return false
    if (room === 'workloads/inference') return !workloadRooms(file).includes(target)
    return room.startsWith('services/') && target.startsWith('services/')
  })
  assert.deepEqual(wrong, [])
})

test('no room is entered by a path: only by the name of its package', () => {
  const wrong = imports().filter(
    ({ room, specifier, target }) => specifier.startsWith('.') && target !== room && room !== 'workloads',
  )
  assert.deepEqual(wrong, [])
})

test('nothing that is shipped is made of what tests are made of', () => {
  const isOfTests = (file: string): boolean => /\/testing\//.test(file)
  const wrong = imports().filter(({ file, target }) => target === 'packages/testing' && !isOfTests(file))
  assert.deepEqual(wrong, [])
})

test("protocol, the link, the provider's jobs and the pure face of a workload need no Node", () => {
  const pure = (file: string): boolean =>
    (file.startsWith('packages/protocol/') && !file.endsWith('/native.ts')) ||
    file.startsWith('services/provider/src/job/') ||
    file === 'workloads/inference/src/workload.ts' ||
    (file.startsWith('packages/link/src/') && !/src\/(node|crypto\/native|testing)\b/.test(file))
  const wrong = imports().filter(({ file, specifier }) => pure(file) && specifier.startsWith('node:'))
  assert.deepEqual(wrong, [])
})

test('every error code is documented', () => {
  const documented = readFileSync(join(root, 'docs/errors.md'), 'utf8')
  const missing = Object.keys(catalogue).filter(code => !documented.includes(`\`${code}\``))
  assert.deepEqual(missing, [])
})
