import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import { HeddleError } from '@heddle/protocol'

/** Finds anvil's binary inside its npm package: never a program of that name from elsewhere. */
export function anvilBinary(): string {
  const require = createRequire(import.meta.url)
  const fromAnvil = createRequire(require.resolve('@foundry-rs/anvil/package.json'))
  const names: Partial<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }
  const platform = process.platform === 'win32' ? 'win32' : process.platform
  const name = `@foundry-rs/anvil-${platform}-${names[process.arch] ?? process.arch}`
  const folder = dirname(fromAnvil.resolve(`${name}/package.json`))
  return join(folder, 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil')
}

/** A port that is free on this address now. */
export function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** Milliseconds that it may take to listen: a second, and far more on a machine that is busy. */
const START_PATIENCE = 60_000

/** An RPC that answers on a port may be anybody's: the port must be free before the child gets it. */
function requireFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', cause => reject(new HeddleError('port_taken', `port ${port}`, { cause })))
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

/**
 * A command that ends when this process does, however that ends. It has an open pipe as its fourth file: beside the
 * program a reader waits for a line or the pipe's end, and kills it at the end. The program itself is the process that was
 * started. (Windows has no such shell; there a crash leaves it behind, and the next start ends it.)
 */
function diesWithParent(command: readonly string[]): readonly string[] {
  if (process.platform === 'win32') return command
  const watch = '(read -r line <&3 || kill -9 $$) >/dev/null 2>&1 </dev/null & exec 3<&- "$@"'
  return ['/bin/sh', '-c', watch, 'sh', ...command]
}

/** Tells the reader beside a program that ended by itself: a line, and nothing is killed. */
function letGo(child: ChildProcess): void {
  const pipe = child.stdio[3] as Writable | null | undefined
  pipe?.on('error', () => undefined).end('\n')
}

/** Starts anvil and waits until it listens. Throws `port_taken`, or `chain_down` when it ends at once. */
export async function startAnvil(options: {
  port: number
  host?: string
  chainId: number
  stateFile?: string
  /** Ends it while it starts. Throws `aborted` then. */
  signal?: AbortSignal
}): Promise<ChildProcess> {
  const { host = '127.0.0.1', signal } = options
  await requireFree(host, options.port)
  const load = options.stateFile ? ['--load-state', options.stateFile] : []
  const identity = ['--host', host, '--port', String(options.port), '--chain-id', String(options.chainId)]
  if (signal?.aborted) throw new HeddleError('aborted', 'stopped before the chain was started')
  const [file, ...rest] = diesWithParent([anvilBinary(), ...identity, ...load, '--accounts', '1', '--quiet'])
  const child = spawn(file!, rest, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true, // Ctrl-C goes to the whole foreground group; the chain must outlive its last save
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  })
  let complaint = ''
  child.stderr!.on('data', chunk => {
    complaint = (complaint + String(chunk)).slice(-2_000)
  })
  return new Promise((resolve, reject) => {
    const deadline = performance.now() + START_PATIENCE
    child.once('error', error => reject(new HeddleError('chain_down', error.message, { cause: error })))
    const abort = (): void => {
      child.kill('SIGKILL')
      reject(new HeddleError('aborted', 'stopped while the chain was starting'))
    }
    signal?.addEventListener('abort', abort, { once: true })
    child.once('exit', () => {
      letGo(child)
      signal?.removeEventListener('abort', abort)
      const taken = /address (already )?in use/i.test(complaint)
      reject(new HeddleError(taken ? 'port_taken' : 'chain_down', taken ? `port ${options.port}` : complaint.trim()))
    })
    const poll = async (): Promise<void> => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const id = await rpc(`http://${host}:${options.port}`, 'eth_chainId', []).catch(() => undefined)
      if (id !== undefined && Number(id) === options.chainId) {
        signal?.removeEventListener('abort', abort)
        return signal?.aborted ? undefined : resolve(child)
      }
      if (performance.now() > deadline) {
        child.kill('SIGKILL')
        return reject(new HeddleError('chain_down', 'anvil did not start in a minute'))
      }
      setTimeout(() => void poll(), 20)
    }
    void poll()
  })
}

/** One JSON-RPC call, for the methods that only a development chain has. */
export async function rpc(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(10_000),
  })
  const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } }
  if (error) throw new HeddleError('chain_reverted', `${method}: ${error.message}`)
  return result
}
