import { createServer } from 'node:http'
import { type AddressInfo, createServer as createListener, connect as dial, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Answerer, Dialler } from '@heddle/link'
import { answerUpgrades, dialWebSocket } from '@heddle/link/node'
import { randomBytes, SETTLEMENT_ADDRESS, signerOf } from '@heddle/protocol'
import { API_KEY, question, startGatewayStage } from '../../test/faults/gateway-stage.ts'
import { isQuiet, until } from '../../test/faults/quiet.ts'
import { startStage } from '../../test/faults/stage.ts'
import { startWire } from '../../test/link/wire.ts'
import { startBenchHouse } from '../gateway/house.ts'
import { cpuOf, start } from '../gateway/processes.ts'
import { type Measurement, measurementsOf, median } from '../measurement.ts'
import { memoryOf } from '../memory.ts'
import { startStaging } from '../stage.ts'
import { APART, paced } from '../stream/stream.ts'

const CROWD = Number(process.env['HEDDLE_BENCH_LINKS'] ?? 5_000)
const ROUNDS = Number(process.env['HEDDLE_BENCH_ROUNDS'] ?? 5)
const DROPS = Number(process.env['HEDDLE_BENCH_DROPS'] ?? 200)
/** Links whose other side is frozen, all at once. */
const FROZEN = 20
const IDLE_SECONDS = 10

/** What a link costs that says nothing, what it costs to be dialled instead of dialling, and what a drop does to whoever is paid. */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('links')
  const idle = await crowd()
  yield measured('idle_5000_mb', idle.megabytes, 'MB', '<= 500')
  yield measured('idle_5000_cpu_share', idle.cpuShare, 'cores')
  const { dialled, direct } = await perToken()
  const ratio = dialled / direct
  yield measured('cpu_us_per_token_direct', direct, 'µs')
  yield measured('cpu_us_per_token_dialled_in', dialled, 'µs')
  yield measured('dialled_in_cpu_ratio', ratio, 'ratio', '<= 1.2', {
    peer: 'the same link, dialled by the gateway',
    ratio,
  })
  const { seconds, wrong } = await drops()
  yield measured('resume_s_p50', median(seconds), 's')
  yield measured('resume_s_p99', at(seconds, 0.99), 's', '<= 1')
  yield measured('lost_or_paid_twice', wrong, 'streams', '<= 0')
  const noticed = await frozen()
  yield measured('dead_peer_s_max', Math.max(...noticed), 's', '<= 2')
}

const at = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)]!

/** A gateway with so many links on which nothing is said, and one like it without any. */
async function crowd() {
  const house = await startBenchHouse({}, 'dialled', {
    module: fileURLToPath(new URL('./crowded-gateway.ts', import.meta.url)),
    env: { HEDDLE_CROWD: String(CROWD) },
  })
  try {
    const before = memoryOf([house.gateway.pid])
    const others = await start('crowd', fileURLToPath(new URL('./crowd.ts', import.meta.url)), {
      HEDDLE_CROWD: String(CROWD),
      HEDDLE_GATEWAY: `http://127.0.0.1:${house.gateway.port}`,
      HEDDLE_CHAIN_ID: String(house.chainId),
    })
    try {
      await rest(IDLE_SECONDS)
      const cpu = cpuOf(house.gateway.pid)
      await rest(IDLE_SECONDS)
      const cpuShare = (cpuOf(house.gateway.pid) - cpu) / (IDLE_SECONDS * 1e6)
      return { megabytes: memoryOf([house.gateway.pid]) - before, cpuShare }
    } finally {
      await others.stop()
    }
  } finally {
    await house.stop()
  }
}

const rest = (seconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, seconds * 1_000))

/** CPU of gateway and provider a streamed token, the gateway dialling and the provider dialling, in turn. */
async function perToken() {
  const engine = { MOCK_BETWEEN_MS: '20' }
  const houses = [await startBenchHouse(engine, 'dialled'), await startBenchHouse(engine, 'dialled-in')] as const
  try {
    const each: [number[], number[]] = [[], []]
    for (const house of houses) await paced(house, APART)
    for (let round = 0; round < ROUNDS; round++)
      for (const [i, house] of houses.entries()) {
        const before = cpuOf(house.gateway.pid) + cpuOf(house.provider.pid)
        const { tokens } = await paced(house, APART)
        each[i]!.push((cpuOf(house.gateway.pid) + cpuOf(house.provider.pid) - before) / tokens)
      }
    return { direct: median(each[0]), dialled: median(each[1]) }
  } finally {
    for (const house of houses) await house.stop()
  }
}

/**
 * Paid streams whose wire is cut and stays down for a while: how long after somebody could be reached again the next piece comes, and
 * how many answers were not whole, or have not exactly one receipt of the one price.
 */
async function drops() {
  const { t, stop } = startStaging()
  try {
    const stage = await startStage(t, { script: { tokens: 40, between: 10 }, patience: 20_000 })
    const wire = await startWire(t, stage.url)
    const options = { cap: 10n ** 12n, deposit: 900_000n }
    const gateway = await startGatewayStage(t, [{ ...stage, url: wire.url }], options)
    const seconds: number[] = []
    let wrong = 0
    const answers = new Map<string, number>()
    for (let round = 0; round < DROPS; round++) {
      const { text, resumed } = await oneDrop(gateway.url, wire, round)
      if (resumed !== undefined) seconds.push(resumed)
      const content = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, one]) => one).join('')
      answers.set(content, (answers.get(content) ?? 0) + 1)
      if (!text.includes('[DONE]') || text.includes('"error"') || resumed === undefined) wrong += 1
    }
    await until(() => isQuiet(gateway))
    const theirs = await stage.ledger.read('receipts', {})
    const ours = await gateway.ledger.read('receipts', {})
    const charges = new Set(theirs.map(({ charge }) => charge))
    wrong += Math.abs(theirs.length - DROPS) + Math.abs(ours.length - DROPS) + (answers.size - 1) + (charges.size - 1)
    return { seconds, wrong }
  } finally {
    await stop()
  }
}

async function oneDrop(url: string, wire: Awaited<ReturnType<typeof startWire>>, round: number) {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify({ ...question({ max_tokens: 40 }), stream: true }),
  })
  const cutAt = 5 + (round % 25)
  const downFor = 20 + ((round * 37) % 400)
  let text = ''
  let upAgain: number | undefined
  let resumed: number | undefined
  let isCut = false
  for await (const bytes of response.body!) {
    text += Buffer.from(bytes as Uint8Array).toString()
    if (upAgain !== undefined && resumed === undefined) resumed = (performance.now() - upAgain) / 1_000
    if (isCut || text.split('"content"').length < cutAt) continue
    isCut = true
    wire.isUp = false
    wire.cut()
    setTimeout(() => {
      wire.isUp = true
      upAgain = performance.now()
    }, downFor)
  }
  return { text, resumed }
}

/** Seconds after which a side notices that the other one is frozen: its connection is open, and nothing comes. */
async function frozen(): Promise<number[]> {
  const domain = { chainId: 31_337, settlement: SETTLEMENT_ADDRESS }
  const bob = signerOf(randomBytes(32))
  const answerer = new Answerer({ identity: { signer: bob, domain }, onStream: stream => stream.reset('not_found') })
  const server = createServer()
  server.on('upgrade', answerUpgrades(answerer))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const sockets: Socket[] = []
  let isFrozen = false
  const between = createListener(near => {
    if (isFrozen) return void near.destroy()
    const far = dial(port, '127.0.0.1')
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) sockets.push(socket.on('error', () => undefined))
  })
  await new Promise<void>(resolve => between.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(between.address() as AddressInfo).port}`
  const drops: Promise<number>[] = []
  const diallers = Array.from({ length: FROZEN }, () => {
    const dropped = Promise.withResolvers<number>()
    drops.push(dropped.promise)
    return new Dialler({
      identity: { signer: signerOf(randomBytes(32)), domain },
      to: bob.address,
      connect: () => dialWebSocket(endpoint),
      onStream: stream => stream.reset('not_found'),
      onDrop: () => dropped.resolve(performance.now()),
    })
  })
  try {
    await Promise.all(diallers.map(dialler => dialler.link()))
    await rest(1)
    isFrozen = true
    for (const socket of sockets) socket.pause().unpipe()
    const from = performance.now()
    return (await Promise.all(drops)).map(when => (when - from) / 1_000)
  } finally {
    for (const dialler of diallers) dialler.close()
    answerer.close()
    for (const socket of sockets) socket.destroy()
    between.close()
    server.close()
  }
}
