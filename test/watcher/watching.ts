import { type ChildProcess, spawn } from 'node:child_process'
import type { TestContext } from 'node:test'
import { entry, environment } from '../cli/heddle.ts'

/** Starts `heddle watch` and waits until it is ready. */
export function watching(
  t: TestContext,
  home: string,
  args: readonly string[],
): Promise<{ url: string; stop(): Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, [entry, 'watch', ...args], {
    env: environment(home),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGINT')
    await ended
  }
  t.after(stop)
  let text = ''
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += chunk.toString()
      const url = /^ready (http\S+)/m.exec(text)?.[1]
      if (url) resolve({ url, stop })
    }
    child.stdout!.on('data', read)
    child.stderr!.on('data', read)
    child.once('exit', () => reject(new Error(text)))
  })
}
