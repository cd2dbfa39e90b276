import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKeystore } from '@heddle/daemon'
import { gatewayKeyNames } from '@heddle/gateway/settings'
import type { Snapshot } from '@heddle/ledger'
import { reconcile } from '@heddle/payments'
import { SETTLEMENT_ADDRESS, signerOf } from '@heddle/protocol'
import { providerKeyNames } from '@heddle/provider/settings'
import { lastRun } from '../../apps/cli/src/home/index.ts'
import { type House, startHouse } from '../../apps/cli/src/up/start.ts'
import { terms } from '../../apps/cli/src/up/terms.ts'
import { chat, readBooks, TINY } from '../house.ts'
import type { Sides } from '../link/between.ts'
import { judge, type Verdict } from './oracle.ts'
import { Wire } from './wire.ts'

export type Victim = 'provider' | 'gateway' | 'chain' | 'engine'

export type ChaosResult = {
  rounds: number
  kills: Record<Victim, number>
  /** Kills while at least one paid job was being delivered. */
  inFlight: number
  raises: number
  answers: number
  verdict: Verdict
}

const VICTIMS: readonly Victim[] = ['provider', 'engine', 'gateway', 'chain']
/** Small, so that a long answer needs several raises. */
const EXPOSURE = 2_500_000_000_000_000n
const STREAMS = 3

const pause = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

/** Numbers that look random and are the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Kills random daemons while paid answers stream, then holds what is left against what the client's side saw. */
export async function chaos(options: { rounds: number; seed: number; log(line: string): void }): Promise<ChaosResult> {
  const home = mkdtempSync(join(tmpdir(), 'heddle-chaos-'))
  const wire = new Wire()
  const house = await startHouse({
    home,
    port: 0,
    providers: 2,
    model: process.env['HEDDLE_TEST_MODEL'] ?? TINY,
    terms: { exposure: EXPOSURE },
    settings: { wire: 'link' },
    route: async endpoint => wire.tap(await sidesOf(home, endpoint)),
  })
  const random = randomFrom(options.seed)
  const kills: Record<Victim, number> = { provider: 0, gateway: 0, chain: 0, engine: 0 }
  const answers: { receipt: string }[] = []
  let inFlight = 0
  try {
    for (let round = 0; round < options.rounds; round++) {
      await healthy(house, home)
      const streams: Promise<void>[] = []
      // A moment while something streams; in every tenth round whatever the moment finds.
      for (let attempt = 0; attempt < 5 && (attempt === 0 || wire.inFlight() === 0); attempt++) {
        streams.push(...askAll(house, `${round}.${attempt}`, answers, options.log))
        await until(() => wire.inFlight() > 0, 5_000)
        await pause(random() * 80)
        if (round % 10 === 9) break
      }
      const victim = VICTIMS[Math.floor(random() * VICTIMS.length)]!
      const pid = pick(home, victim, random)
      const busy = wire.inFlight()
      const killed = pid !== undefined && kill(pid)
      if (killed) {
        kills[victim] += 1
        if (busy > 0) inFlight += 1
      }
      await Promise.all(streams)
      options.log(`round ${round + 1}: killed ${victim} ${killed ? pid : '(gone)'}, ${busy} paid jobs in flight`)
    }
    await healthy(house, home)
    for (const line of crashes(home)) options.log(`died by itself: ${line}`)
    const verdict = await settled(house, home, wire, answers, kills)
    return { rounds: options.rounds, kills, inFlight, raises: wire.raises, answers: answers.length, verdict }
  } finally {
    await house.stop()
    wire.close()
    if (!process.env['HEDDLE_KEEP_HOME']) rmSync(home, { recursive: true, force: true })
  }
}

/** A provider of the house and whoever pays it, with their keys: who stands between them on a link must be taken for either. */
async function sidesOf(home: string, url: string): Promise<Sides> {
  const passphrase = readFileSync(join(home, 'passphrase'), 'utf8').trim()
  const keysOf = <N extends string>(name: string, names: readonly N[]): Record<N, Uint8Array> =>
    openKeystore({ file: join(home, name, 'keys.json'), passphrase, names, devnet: true })
  const { address, name, chain } = (await (await fetch(`${url}/heddle/1/status`)).json()) as {
    address: string
    name: string
    chain: { id: number }
  }
  const { receipt } = keysOf(name, providerKeyNames)
  if (signerOf(receipt).address !== address) throw new Error(`${name} has another key`)
  const { payerAuthorizer } = keysOf('gateway', gatewayKeyNames)
  const domain = { chainId: chain.id, settlement: SETTLEMENT_ADDRESS }
  return { url, receipt, domain, authorizerOf: () => payerAuthorizer }
}

/** False when the process is gone already. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

/** Several streams at once; one that breaks off is noted. */
const askAll = (
  house: House,
  name: string,
  answers: { receipt: string }[],
  log: (line: string) => void,
): Promise<void>[] =>
  Array.from({ length: STREAMS }, (_, i) =>
    ask(house, `Tell me a long story. (${name}.${i})`, answers).catch((error: Error) => log(`  ${error.message}`)),
  )

/** Asks for a stream and reads it to its end, however it ends; notes the receipt of a complete answer. */
async function ask(house: House, question: string, answers: { receipt: string }[]): Promise<void> {
  const signal = AbortSignal.timeout(30_000)
  const body = { messages: [{ role: 'user', content: question }], max_tokens: 800, stream: true }
  const response = await chat(house, body, signal)
  const text = await response.text()
  if (response.status === 400) throw new Error(text)
  const receipt = /"receipt":"(0x[0-9a-f]{64})"/.exec(text)?.[1]
  if (receipt && text.includes('[DONE]')) answers.push({ receipt })
}

/** What daemons wrote down before they ended by an error of their own. */
const crashes = (home: string): string[] =>
  globSync('*/log.jsonl', { cwd: home }).flatMap(file =>
    readFileSync(join(home, file), 'utf8')
      .split('\n')
      .filter(line => line.includes('"uncaught"'))
      .map(line => `${file}: ${line.slice(0, 2_000)}`),
  )

/** The process to kill now. */
function pick(home: string, victim: Victim, random: () => number): number | undefined {
  const run = lastRun(home)
  if (!run) return undefined
  const provider = run.providers[Math.floor(random() * run.providers.length)]!
  if (victim === 'gateway') return run.gateway.pid ?? undefined
  if (victim === 'chain') return run.chain.pid ?? undefined
  return (victim === 'provider' ? provider.pid : enginePid(provider.pid)) ?? undefined
}

/** The engine is the last descendant of a provider: behind whatever isolates it. */
function enginePid(pid: number | null): number | null {
  let found: number | null = null
  for (let next = pid; next; ) {
    const child = childrenOf(next)[0] ?? null
    if (child) found = child
    next = child
  }
  return found
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

async function until(condition: () => boolean | Promise<boolean>, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds
  while (Date.now() < deadline) {
    if (await condition()) return true
    await pause(5)
  }
  return false
}

/** Milliseconds that one answer may take, and that a house may take to be whole again: far more than on a machine that is idle. */
const ANSWERS = 20_000
const RECOVERS = 240_000

/** Waits until every daemon answers and a provider serves. */
async function healthy(house: House, home: string): Promise<void> {
  const answers = async (url: string): Promise<boolean> =>
    fetch(url, { signal: AbortSignal.timeout(ANSWERS) }).then(
      async response => {
        const status = (await response.json()) as {
          models?: unknown[]
          chain?: { up: boolean }
          providers?: { up: boolean }[]
        }
        return (status.models === undefined || status.models.length > 0) && status.chain?.up === true
      },
      () => false,
    )
  const all = async (): Promise<boolean> => {
    const run = lastRun(home)
    if (!run) return false
    const urls = [house.run.gateway.url, ...run.providers.map(provider => provider.url)]
    const up = await Promise.all(urls.map(url => answers(`${url}/heddle/1/status`)))
    return up.every(Boolean)
  }
  if (!(await until(all, RECOVERS))) throw new Error(`the house did not recover in ${RECOVERS / 1_000} s`)
}

/** Waits until both sides have settled, then judges. */
async function settled(
  house: House,
  home: string,
  wire: Wire,
  answers: readonly { receipt: string }[],
  kills: Record<Victim, number>,
): Promise<Verdict> {
  let verdict: Verdict | undefined
  // Unreceipted work: at a crash of the provider, the chunk that was being delivered for each stream; the same for an engine.
  const chunk = terms.prices[1].completion * 64n * 16n
  const bounds = { unpaid: BigInt((kills.provider + kills.engine + kills.gateway) * STREAMS) * chunk }
  let failure: unknown
  await until(async () => {
    // Who was killed last may be up again, and not yet seen to have been down.
    const books = await readBooks({ ...house, home }).catch(error => {
      failure = error
    })
    if (!books) return pause(500).then(() => false)
    const { gateway, providers, witness } = books
    const reconciliation = await reconcile(gateway, providers, witness)
    const ledgers: Snapshot[] = providers.map(one => one.ledger)
    verdict = judge(wire, answers, gateway.ledger, ledgers, reconciliation, bounds)
    if (verdict.problems.length > 0) await pause(500)
    return verdict.problems.length === 0
  }, 20_000)
  if (!verdict) throw failure
  return verdict
}
