import { formatUnits } from '@heddle/protocol'
import { chaos } from './chaos.ts'

/** `npm run test:chaos -- [rounds] [seed]` */
const rounds = Number(process.argv[2] ?? 50)
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 1e9))
console.log(`${rounds} rounds, seed ${seed}`)
const result = await chaos({ rounds, seed, log: console.log })
const { kills, verdict } = result
const total = Object.values(kills).reduce((sum, count) => sum + count, 0)
const share = total === 0 ? 0 : (result.inFlight * 100) / total
console.log(
  `kills: ${Object.entries(kills)
    .map(([who, count]) => `${who} ${count}`)
    .join(', ')}`,
)
console.log(`with paid work in flight: ${result.inFlight} of ${total} (${share.toFixed(0)}%)`)
console.log(
  `jobs ${verdict.jobs}, receipts ${verdict.receipts}, interrupted ${verdict.interrupted}, complete answers ${result.answers}, raises ${result.raises}`,
)
console.log(
  `unpaid work: ${formatUnits(verdict.unpaid)} HED at most (stated: ${formatUnits(verdict.unpaidTokensBound)})`,
)
for (const problem of verdict.problems) console.log(`✗ ${problem}`)
const enough = share >= 80
if (!enough) console.log('✗ fewer than 80% of the kills hit paid work')
const passed = verdict.problems.length === 0 && enough
console.log(`${passed ? 1 : 0} passed, ${passed ? 0 : 1} failed`)
process.exit(passed ? 0 : 1)
