/**
 * `npm run demo:strangers`: three strangers' hosts, one of which swaps its weights, one of which claims too much, one of
 * which dies; and somebody who was not there and finds it all out. README.md beside this file tells the story.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { fund, sendFromFaucet, startDevnet, witnessClaimCall } from '@heddle/chain'
import { openKeystore } from '@heddle/daemon'
import { newKey } from '@heddle/gateway/keys'
import { type GatewaySettings, gatewayKeyNames } from '@heddle/gateway/settings'
import { calibrate, writeCalibration } from '@heddle/inference/checker'
import { resolveModel } from '@heddle/inference/models'
import { type Address, digestOf, type Hex, type SignedReceipt, signerOf } from '@heddle/protocol'
import { type ProviderSettings, providerKeyNames } from '@heddle/provider/settings'
import { quantized, readGguf, writeGguf } from '../../workloads/inference/src/checker/testing/gguf.ts'
import type { Report } from './audit/audit.ts'
import { openCase } from './clerk.ts'
import { openAiClient, x402Payer } from './clients.ts'
import { alone, enterStreet, type Host, openHost, STREET } from './street.ts'
import { verdictOn } from './verdict.ts'

enterStreet()

const say = (text: string): void => console.log(text)
const folder = mkdtempSync(join(tmpdir(), 'heddle-strangers-'))
const quiet = { info() {}, warn() {}, error() {} }
const moduleOf = (name: string): string => fileURLToPath(import.meta.resolve(name))
const passphrase = 'strangers'
const secrets = { HEDDLE_PASSPHRASE: passphrase }
const UNIT = 10n ** 18n

const model = await resolveModel({
  directory: process.env['HEDDLE_MODELS'] ?? join(folder, 'models'),
  setting: process.env['HEDDLE_MODEL'] ?? 'heddle-tiny',
})
const claimed = { name: model.name, path: model.path, digest: model.digest }

say(`A chain, and three hosts in networks of their own. What they sell: ${model.name}.`)
const chain = await startDevnet({ directory: join(folder, 'chain'), host: STREET, port: 8545, log: quiet })
const [swapper, house, mortal] = [await openHost(), await openHost(), await openHost()]
const place = { chainUrl: chain.url, chainId: chain.chainId, asset: chain.token }

/** A daemon's folder and keys, the way its own operator makes them. */
async function prepare<N extends string>(name: string, names: readonly N[]) {
  const home = join(folder, name)
  mkdirSync(home)
  const keys = openKeystore({ file: join(home, 'keys.json'), passphrase, names, devnet: true })
  return { home, keys }
}

/** A provider on a host; gives where it is and who it is. */
async function provide(host: Host, name: string, module: string, more: object = {}) {
  const { home, keys } = await prepare(name, providerKeyNames)
  for (const key of [keys.gas, keys.receiver]) await fund(chain.url, chain.token, signerOf(key).address, 0n)
  const settings: ProviderSettings = {
    name,
    home,
    port: 0,
    reach: { host: host.address },
    ...place,
    engine: { model: claimed, models: home, concurrency: 2, threads: 1, context: 1_024 },
    prices: { prompt: '2000000000000', cached: '500000000000', completion: '6000000000000' },
    limits: { maxCompletion: 1_024, concurrency: 8, bodyBytes: 1 << 20 },
    exposure: (UNIT / 20n).toString(),
    minDeposit: '1',
    withdrawDelay: 3_600,
    claim: { threshold: (UNIT / 1_000n).toString(), tick: 2_000, sweep: 600_000 },
    adminToken: 'nobody',
    ...more,
  }
  const { port, address } = await host.start(module, settings, secrets)
  return { home, endpoint: `http://${host.address}:${port}`, provider: address as Address }
}

const beside = (path: string): string => join(import.meta.dirname, path)
const cheapPath = join(folder, 'cheap.gguf')
writeFileSync(cheapPath, writeGguf(quantized(readGguf(model.path), 'Q4_0')))
const cheap = { name: 'cheap', path: cheapPath, digest: digestOf(readFileSync(cheapPath)) }

const first = await provide(swapper, 'first', beside('hosts/swapping-provider.ts'), { cheap })
const second = await provide(house, 'second', beside('hosts/overclaiming-provider.ts'), {
  // It claims by itself, and not as providers do.
  claim: { threshold: (1_000n * UNIT).toString(), tick: 3_600_000, sweep: 3_600_000 },
})
const third = await provide(mortal, 'third', moduleOf('@heddle/provider/main'))

const { home, keys } = await prepare('gateway', gatewayKeyNames)
await fund(chain.url, chain.token, signerOf(keys.payer).address, 10n * UNIT)
const apiKey = newKey()
const settings: GatewaySettings = {
  home,
  port: 0,
  reach: { host: house.address },
  ...place,
  providers: [first, third].map(({ endpoint }) => ({ endpoint })),
  cap: UNIT.toString(),
  deposit: UNIT.toString(),
  adminToken: 'nobody',
}
const { port } = await house.start(moduleOf('@heddle/gateway/main'), settings, { ...secrets, HEDDLE_API_KEY: apiKey })
const gateway = `http://${house.address}:${port}`
say(`  ${swapper.address} a provider; ${house.address} a gateway that sells, too; ${mortal.address} a provider`)

const found = openCase(join(folder, 'case'))
const openai = openAiClient(gateway, apiKey, model.name)
const wallet = await x402Payer(chain, model.name)

say('Stock clients ask: `openai` through the gateway, `@x402/fetch` at its selling side.')
for (let i = 0; i < 3; i++) found.keep((await wallet.ask(second.endpoint, 900)) as SignedReceipt)
for (let i = 0; i < 36; i++) {
  await found.open(gateway, apiKey, await openai.ask(first.provider))
  if (i % 3 === 0) await found.open(gateway, apiKey, await openai.ask(third.provider))
}

say(`${mortal.address} loses its cable and every process in the middle of an answer.`)
let pieces = 0
await (async () => {
  for await (const _ of openai.stream(third.provider)) if (++pieces === 2) mortal.kill()
})().then(
  () => say(`  the answer had ended already`),
  (error: Error) => say(`  after ${pieces} pieces its client reads: ${error.message.slice(0, 90)}`),
)
await openai.ask(third.provider).then(
  () => say('  and it still answers?'),
  (error: Error) => say(`  and asked again: ${error.message.slice(0, 90)}`),
)

const calibrating = calibrate({ model: claimed, answers: 24, log: quiet, signal: new AbortController().signal })
found.weights(model.path)
found.calibration(writeCalibration(await calibrating))
// The claim is in a block by now, and anybody may have it witnessed, as a gateway does for channels of its own; the next
// receipt says which block its provider had seen.
while (!existsSync(join(second.home, 'confession.json'))) await pause(200)
const { channel } = JSON.parse(readFileSync(join(second.home, 'confession.json'), 'utf8')) as { channel: Hex }
await sendFromFaucet(chain.url, witnessClaimCall(chain.chainId, channel))
await pause(1_000)
found.keep((await wallet.ask(second.endpoint, 16)) as SignedReceipt)
await found.chain(chain)

say('\nSomebody who was not there, without any network, reads receipts, chain data and public weights:\n')
const [command, words] = alone(
  process.execPath,
  '--disable-warning=ExperimentalWarning',
  beside('audit/audit.ts'),
  found.folder,
)
execFileSync(command, words, { stdio: 'inherit', env: { PATH: process.env['PATH'] } })

const report = JSON.parse(readFileSync(join(found.folder, 'report.json'), 'utf8')) as Report
const confessionOf = (one: string): unknown => JSON.parse(readFileSync(join(one, 'confession.json'), 'utf8'))
const wrong = verdictOn(report, {
  swapper: first.provider,
  swap: confessionOf(first.home),
  overclaimer: second.provider,
  overclaim: confessionOf(second.home),
})
say('\nThe hosts confess what they did; what the audit says of it:')
for (const line of wrong.lines) say(`  ${line}`)
swapper.kill()
house.kill()
await chain.stop()
if (process.env['HEDDLE_KEEP_HOME']) say(`The case lies in ${found.folder}`)
else rmSync(folder, { recursive: true, force: true })
process.exit(wrong.failed ? 1 : 0)
