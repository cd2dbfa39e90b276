import type { Measurement } from './measurement.ts'

/** `npm run bench [name] [-- --json]`: one JSON object a line, or a table. */
const benches: Record<string, () => Promise<{ run(): AsyncIterable<Measurement> }>> = {
  gas: () => import('./gas/gas.ts'),
  ledger: () => import('./ledger/ledger.ts'),
  answer: () => import('./answer/answer.ts'),
  gateway: () => import('./gateway/gateway.ts'),
  stream: () => import('./stream/stream.ts'),
  engines: () => import('./engines/engines.ts'),
  guard: () => import('./guard/guard.ts'),
  evidence: () => import('./evidence/evidence.ts'),
  footprint: () => import('./footprint/footprint.ts'),
  soak: () => import('./soak/soak.ts'),
  checks: () => import('./checks/checks.ts'),
  links: () => import('./links/links.ts'),
  verdicts: () => import('./verdicts/verdicts.ts'),
}

const words = process.argv.slice(2)
const json = words.includes('--json')
const wanted = words.filter(word => !word.startsWith('-'))
const unknown = wanted.find(name => !benches[name])
if (unknown) {
  console.error(`no bench "${unknown}": ${Object.keys(benches).join(', ')}`)
  process.exit(1)
}

for (const [name, load] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const { run } = await load()
  for await (const one of run()) {
    if (json) console.log(JSON.stringify(one))
    else {
      const verdict = one.holds === null ? '' : one.holds ? '✓' : '✗'
      const peer = one.peer ? `   ${one.peer}${one.ratio === undefined ? '' : ` (ratio ${one.ratio.toFixed(3)})`}` : ''
      const goal = one.goal === null ? '' : one.goal.replace('<=', '≤').replace('>=', '≥')
      console.log(
        `${verdict.padEnd(2)}${one.bench.padEnd(10)} ${one.metric.padEnd(38)} ${String(one.value).padStart(12)} ${one.unit.padEnd(10)} ${goal}${peer}`,
      )
    }
  }
}
process.exit(0)
