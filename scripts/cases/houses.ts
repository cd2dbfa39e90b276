import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunFile } from '../../apps/cli/src/home/index.ts'
import { freePair, type Running, run, start } from './process.ts'

export type House = { home: string; url: string; key: string; run: RunFile; stop(): Promise<void> }

const MODEL = '.heddle/models/smollm2-135m-instruct-*.gguf'

/** The houses that cases ask, all started from one clone, and ended together. */
export class Houses {
  private readonly clone: string
  private readonly started: { stop(): Promise<void> }[] = []
  private shared: Promise<House> | undefined
  private usual: Promise<void> | undefined

  constructor(clone: string) {
    this.clone = clone
  }

  private get heddle(): readonly string[] {
    return [join(this.clone, 'node_modules/.bin/node'), 'apps/cli/src/main.ts']
  }

  /** A house of its own with these flags, on free ports, with the weights that `npm start` fetched where it did. */
  async start(flags: readonly string[], env: Record<string, string | undefined> = {}): Promise<House> {
    const home = mkdtempSync(join(tmpdir(), 'heddle-cases-'))
    const port = await freePair()
    const [model] = globSync(MODEL, { cwd: this.clone })
    const chosen = flags.includes('--model') || env['HEDDLE_MODEL'] || !model ? [] : ['--model', model]
    const process_ = await start([...this.heddle, 'up', '--home', home, '--port', String(port), ...chosen, ...flags], {
      cwd: this.clone,
      env,
      ready: /^ready /m,
    })
    const house = {
      home,
      url: `http://127.0.0.1:${port}`,
      key: readFileSync(join(home, 'api-key'), 'utf8').trim(),
      run: JSON.parse(readFileSync(join(home, 'run.json'), 'utf8')) as RunFile,
      async stop() {
        await process_.stop()
        rmSync(home, { recursive: true, force: true })
      },
    }
    this.started.push(house)
    return house
  }

  /** The house that most cases ask: two providers of the default model; who may call it by which name is said to it. */
  ordinary(): Promise<House> {
    this.shared ??= this.start([
      ...['--engine', 'none', '--allow-host', 'host.docker.internal'],
      ...['--allow-origin', 'app://obsidian.md'],
    ])
    return this.shared
  }

  /** `npm start` in the clone, where it does not run there already. */
  usually(): Promise<void> {
    this.usual ??= this.startUsual()
    return this.usual
  }

  private async startUsual(): Promise<void> {
    const status = await run(['npm', 'run', '-s', 'heddle', '--', 'status', '--home', '.heddle'], { cwd: this.clone })
    if (status.code === 0) return
    const env = { HEDDLE_PORT: String(await freePair()), HEDDLE_ENGINE: 'none', HEDDLE_HOME: undefined }
    const running: Running = await start(['npm', 'start'], { cwd: this.clone, env, ready: /^ready /m })
    this.started.push(running)
  }

  /** A key with these terms, beside a cap. */
  async key(house: House, terms: readonly string[]): Promise<string> {
    const name = `case-${Math.random().toString(36).slice(2, 8)}`
    const cap = terms.includes('--cap') ? [] : ['--cap', '1']
    const args = ['keys', 'add', name, ...cap, ...terms, '--home', house.home, '--json']
    const { code, output } = await run([...this.heddle, ...args], { cwd: this.clone })
    if (code !== 0) throw new Error(output)
    return (JSON.parse(output) as { key: string }).key
  }

  async stop(): Promise<void> {
    for (const one of this.started.splice(0).reverse()) await one.stop()
  }
}

/** A Python that has these modules: HEDDLE_TEST_PYTHON, or python3. Nothing where it has not. */
export async function pythonWith(...modules: readonly string[]): Promise<string | undefined> {
  const python = process.env['HEDDLE_TEST_PYTHON'] ?? 'python3'
  if (python.includes('/') && !existsSync(python)) return undefined
  const { code } = await run([python, '-c', modules.map(name => `import ${name}`).join('\n')])
  return code === 0 ? python : undefined
}
