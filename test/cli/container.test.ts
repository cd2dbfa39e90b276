import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Option } from '../../apps/cli/src/up/option.ts'
import { options, type Settings } from '../../apps/cli/src/up/options.ts'
import { readSettings } from '../../apps/cli/src/up/settings.ts'

const root = join(import.meta.dirname, '../..')
const read = (name: string): string => readFileSync(join(root, name), 'utf8')

/** Instructions of a Dockerfile, each on one line. */
const instructions = read('Dockerfile')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'))
  .map(line => ({ name: line.split(' ')[0]!, rest: line.slice(line.indexOf(' ') + 1) }))

const variables = Object.fromEntries([
  ...instructions
    .filter(({ name }) => name === 'ENV')
    .flatMap(({ rest }) => rest.split(' ').map(one => one.split('='))),
  ...[...read('compose.yaml').matchAll(/^ {6}(HEDDLE_[A-Z_]+): (.*)$/gm)].map(([, name, value]) => [name, value]),
] as [string, string][])

test('the container is told what heddle up understands', () => {
  const known = new Set(Object.values<Option<unknown>>(options).map(({ env }) => env))
  for (const name of Object.keys(variables)) assert.ok(name === 'HEDDLE_HOME' || known.has(name), name)
  const settings: Settings = readSettings('/nowhere', {}, variables)
  assert.equal(settings.listen, '0.0.0.0')
  assert.deepEqual(settings.allowHost, ['heddle'])
  const [port] = instructions.filter(({ name }) => name === 'EXPOSE')
  assert.equal(port!.rest, String(settings.port))
  assert.match(read('compose.yaml'), new RegExp(`"127\\.0\\.0\\.1:${settings.port}:${settings.port}"`))
})

test('its instructions are ones, and what they name is there', () => {
  const names = instructions.map(({ name }) => name)
  assert.equal(names[0], 'FROM')
  for (const name of names)
    assert.ok(/^(FROM|RUN|WORKDIR|COPY|ENV|USER|VOLUME|EXPOSE|HEALTHCHECK|STOPSIGNAL|ENTRYPOINT|CMD)$/.test(name), name)
  for (const { name, rest } of instructions) {
    const form = name === 'HEALTHCHECK' ? rest.slice(rest.indexOf('[')) : rest
    if (['ENTRYPOINT', 'CMD', 'HEALTHCHECK'].includes(name)) assert.ok(Array.isArray(JSON.parse(form)), name)
  }
  assert.ok(existsSync(join(root, 'heddle')) && existsSync(join(root, 'scripts/prepare.mjs')))
  const home = variables['HEDDLE_HOME']!
  assert.ok(instructions.some(({ name, rest }) => name === 'VOLUME' && rest === home))
  assert.ok(read('compose.yaml').includes(`heddle:${home}`))
})
