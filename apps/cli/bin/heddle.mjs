#!/usr/bin/env node
// What is called `heddle`. Plain JavaScript for any Node from 18 on: where the one that it was called with is too old for
// Heddle, it hands over to the Node 24 that comes along with it, with the same arguments, input and output.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
/** In a clone the sources, which Node 24 runs as they are; in a package what was built of them. */
const sources = new URL('../src/main.ts', import.meta.url)
const main = existsSync(sources) ? sources : new URL('../dist/main.js', import.meta.url)

const [major, minor] = process.versions.node.split('.').map(Number)
// Where http's shouldUpgradeCallback is: without it whoever would like HTTP/2 gets no answer.
const isEnough = major > 24 || (major === 24 && minor >= 9) || (major === 22 && minor >= 21)

/** The Node of the package `node`, where it is installed. */
function bundled() {
  try {
    return createRequire(here).resolve('node/bin/node')
  } catch {
    return undefined
  }
}

function handOver(node) {
  // Over the open channel the other one sees when this one is killed, and ends too.
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, HEDDLE_LAUNCHED: '1' },
  })
  // A terminal tells both; what was sent to this one alone is passed on.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', error => fail(`${node}: ${error.message}`))
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}

function fail(text) {
  console.error(`✗ ${text}`)
  process.exit(1)
}

const isClone = existsSync(sources)
const installed = new URL('../../../node_modules/', import.meta.url)
if (isClone && !existsSync(installed)) fail('This clone is not installed yet: run npm start, or npm install, in it.')
/** scripts/prepare.mjs says so from before it installs until all is there. */
const mark = new URL('.heddle-install', installed)
if (isClone && existsSync(mark) && readFileSync(mark, 'utf8').startsWith('installing'))
  fail('This clone is half installed: wait for the npm start that does it, or run npm start in it again.')
const node = isEnough ? undefined : bundled()
if (isEnough) await import(main.href)
else if (node) handOver(node)
else if (isClone) fail('The Node of this clone is not there: npm start in it installs what is missing.')
else
  fail(
    `Heddle needs Node 22.21, or 24.9 and newer, this is ${process.versions.node}. Install Node 24, or: npm install node@24`,
  )
