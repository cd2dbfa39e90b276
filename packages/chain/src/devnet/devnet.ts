import type { ChildProcess } from 'node:child_process'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type Address, fromHex, HeddleError, type Hex, isHeddleError, type Log } from '@heddle/protocol'
import { freePort, rpc, startAnvil } from './anvil.ts'
import { deploy, placeVerifier } from './deploy.ts'
import { DEVNET_CHAIN_IDS } from './identity.ts'

export type DevnetIdentity = { chainId: number; token: Address }

export type Devnet = DevnetIdentity & {
  url: string
  pid(): number | undefined
  /** Saves the state now: what the chain did up to here outlasts its process. */
  save(): Promise<void>
  /** Saves the state and ends the chain. */
  stop(): Promise<void>
}

export type DevnetOptions = {
  directory: string
  /** Any free one when left out. */
  port?: number
  /** The address that it listens on: loopback where it is left out. */
  host?: string
  log: Log
  /** Milliseconds between looks for a new block to save. */
  interval?: number
  /** Told when the chain died and runs again, as another process. */
  onRestart?(): void
  /** Ends it while it starts. Throws `aborted` then, and leaves no process. */
  signal?: AbortSignal
}

function writeDurably(file: string, bytes: Uint8Array): void {
  const descriptor = openSync(`${file}.new`, 'w', 0o600)
  try {
    writeSync(descriptor, bytes)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(`${file}.new`, file)
}

const PORTS_TRIED = 10

/**
 * A local chain that survives restarts: anvil as a child, its state saved after every block (written beside, fsynced,
 * renamed), restarted with the last state when it dies. Blocks that were not saved yet are lost with it: followers see
 * a reorganisation.
 */
export async function startDevnet(options: DevnetOptions): Promise<Devnet> {
  const { directory, host = '127.0.0.1', log } = options
  mkdirSync(directory, { recursive: true })
  const stateFile = join(directory, 'state.json')
  const identityFile = join(directory, 'devnet.json')
  const known = existsSync(identityFile) && existsSync(stateFile)
  const chainId = known
    ? (JSON.parse(readFileSync(identityFile, 'utf8')) as DevnetIdentity).chainId
    : DEVNET_CHAIN_IDS.from + crypto.getRandomValues(new Uint16Array(1))[0]!

  let child: ChildProcess | undefined
  let stopping = false
  /** What is being started ends with it. */
  const ended = new AbortController()
  const abort = (): void => {
    stopping = true
    ended.abort()
    void end(child)
  }
  options.signal?.addEventListener('abort', abort)
  if (options.signal?.aborted) abort()
  let savedBlock = ''
  let port = options.port
  const urlNow = (): string => `http://${host}:${port}`

  const save = async (): Promise<void> => {
    const block = (await rpc(urlNow(), 'eth_getBlockByNumber', ['latest', false])) as { hash: string }
    if (block.hash === savedBlock) return
    const state = (await rpc(urlNow(), 'anvil_dumpState', [])) as Hex
    writeDurably(stateFile, gunzipSync(fromHex(state)))
    savedBlock = block.hash
  }

  const run = async (): Promise<void> => {
    port ??= await freePort(host)
    const state = existsSync(stateFile) ? { stateFile } : {}
    child = await startAnvil({ port, host, chainId, ...state, signal: ended.signal })
    child.once('exit', (code, signal) => {
      if (stopping) return
      log.warn('the chain died; starting it again', { code, signal })
      void restart()
    })
  }
  const restart = async (): Promise<void> => {
    while (!stopping) {
      try {
        await run()
        options.onRestart?.()
        return
      } catch (error) {
        log.error('the chain does not start', { error: (error as Error).message })
        await new Promise(resolve => setTimeout(resolve, 500))
      }
    }
  }

  const furnish = async (): Promise<Address> => {
    if (known) {
      await placeVerifier(urlNow())
      return (JSON.parse(readFileSync(identityFile, 'utf8')) as DevnetIdentity).token
    }
    const made = await deploy(urlNow())
    await save()
    writeDurably(identityFile, Buffer.from(JSON.stringify({ chainId, token: made } satisfies DevnetIdentity)))
    return made
  }

  // What is free now may be somebody's in a moment; who named a port wants that one.
  for (let tries = 0; ; tries++) {
    try {
      await run()
      break
    } catch (error) {
      if (options.port !== undefined || tries === PORTS_TRIED || !isHeddleError(error, 'port_taken')) throw error
      port = undefined
    }
  }
  const token = await furnish().catch(async error => {
    stopping = true
    await end(child)
    throw ended.signal.aborted ? new HeddleError('aborted', 'stopped while the chain was starting') : error
  })
  options.signal?.removeEventListener('abort', abort)

  let saving: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    saving = saving.then(save).catch(error => log.warn('chain state not saved', { error: (error as Error).message }))
  }, options.interval ?? 200)

  return {
    chainId,
    token,
    url: urlNow(),
    pid: () => child?.pid,
    save() {
      saving = saving.catch(() => undefined).then(save)
      return saving
    },
    async stop() {
      stopping = true
      clearInterval(timer)
      await saving
      await save().catch(error => log.warn('chain state not saved', { error: (error as Error).message }))
      ended.abort()
      await end(child)
    },
  }
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  await new Promise<void>(resolve => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), 3_000).unref()
  })
}
