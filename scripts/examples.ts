/**
 * Runs the examples of the documentation: every ```ts block behind an `@example` in a JSDoc comment of packages,
 * services and workloads becomes a module of its own, and is run. Prints `N examples run`; ends with 1 when one fails.
 *
 * One rule makes an example a test: a line that starts at the margin, is not a statement, and ends with ` // value`
 * asserts that its expression, awaited, is printed by `util.inspect` as the value is. The value is an expression too.
 *
 *   parseAmount('1000') // 1000n
 *
 * A block whose first line is `// sketch` shows a shape only (it needs an offer, a model, a network) and is not run.
 * Runs in a directory of its own, and without a network: a connection that an example opens fails.
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

type Example = { file: string; line: number; code: readonly string[] }

const root = join(import.meta.dirname, '..')
// Not below node_modules: Node strips no types there.
const directory = join(root, 'dist/examples')

function examplesOf(file: string): Example[] {
  const found: Example[] = []
  let open: { line: number; code: string[] } | undefined
  let announced = false
  for (const [i, raw] of readFileSync(join(root, file), 'utf8').split('\n').entries()) {
    const text = raw.replace(/^\s*(?:\/\*\*|\*(?!\/))? ?/, '')
    if (/@example\b/.test(text)) announced = true
    else if (open && text.startsWith('```')) {
      found.push({ file, ...open })
      open = undefined
    } else if (open) open.code.push(text)
    else if (announced && text.startsWith('```ts')) {
      open = { line: i + 2, code: [] }
      announced = false
    } else if (raw.includes('*/')) announced = false
  }
  return found
}

const STATEMENT = /^(?:import|export|const|let|var|for|while|if|try|return|throw|function|class|type|\/\/|[\s})\]])/

function moduleOf({ file, line, code }: Example): string {
  const body = code.map((text, i) => {
    const match = /^(.+?);?\s+\/\/ (.+)$/.exec(text)
    if (!match || STATEMENT.test(text)) return text
    const [, expression, value] = match
    return `same(await (${expression}), (${value}), ${JSON.stringify(`${file}:${line + i}`)});`
  })
  return `import { inspect } from 'node:util'
const print = (value: unknown): string => inspect(value, { depth: null, sorted: true, breakLength: Infinity })
function same(actual: unknown, expected: unknown, place: string): void {
  if (print(actual) !== print(expected)) throw new Error(\`\${place}: \${print(actual)}, not \${print(expected)}\`)
}
${body.join('\n')}
`
}

rmSync(directory, { recursive: true, force: true })
mkdirSync(directory, { recursive: true })
process.chdir(directory)
process.env['TMPDIR'] = directory
Socket.prototype.connect = () => {
  throw new Error('examples have no network; start the block with // sketch')
}
const files = globSync(['packages/*/src/**/*.ts', 'services/*/src/**/*.ts', 'workloads/*/src/**/*.ts'], {
  cwd: root,
  exclude: path => path.includes('node_modules'),
}).sort()

let run = 0
let sketches = 0
let failed = 0
for (const example of files.flatMap(examplesOf)) {
  if (example.code[0]?.startsWith('// sketch')) {
    sketches += 1
    continue
  }
  run += 1
  const file = join(directory, `${String(run).padStart(3, '0')}.ts`)
  writeFileSync(file, moduleOf(example))
  try {
    await import(pathToFileURL(file).href)
  } catch (error) {
    failed += 1
    console.error(`✖ ${example.file}:${example.line}: ${(error as Error).message}`)
  }
}
process.chdir(root)
if (failed === 0) rmSync(directory, { recursive: true, force: true })
console.log(`${run} examples run, ${failed} failed, ${sketches} sketches`)
process.exit(failed === 0 && run > 0 ? 0 : 1)
