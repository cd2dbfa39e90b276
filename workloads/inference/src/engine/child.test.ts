import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

test('the process of the engine loads llama.cpp, what it draws with, and nothing else', () => {
  const seen = new Set<string>()
  const packages = new Set<string>()
  function walk(url: URL): void {
    if (seen.has(url.href)) return
    seen.add(url.href)
    for (const [, names, from] of readFileSync(url, 'utf8').matchAll(/^(?:import|export) ([^'"]*?)from '([^']+)'/gms)) {
      const onlyTypes = /^type\b/.test(names!) || /^\{(\s*type [\w ]+,?)+\s*\}\s*$/.test(names!)
      if (onlyTypes) continue
      if (from!.startsWith('.')) walk(new URL(from!, url))
      else if (from!.startsWith('@heddle/')) walk(new URL(import.meta.resolve(from!)))
      else packages.add(from!)
    }
  }
  walk(new URL('./child.ts', import.meta.url))
  assert.ok(seen.size > 10)
  assert.deepEqual([...packages].toSorted(), ['#sha256', '@noble/hashes/utils.js', 'node-llama-cpp', 'node:crypto'])
})
