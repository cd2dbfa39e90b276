/**
 * Compiles contracts/ and writes ABIs (`as const`) and creation code for packages/chain.
 * `--if-stale` does nothing when the sources are the ones that were compiled last.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const contracts = join(root, 'contracts')
const generated = join(root, 'packages/chain/src/contracts/generated')
const names = ['HeddleToken', 'BatchSettlement', 'ERC3009DepositCollector', 'Multicall3', 'FraudVerifier']

const sourceDigest = (): string => {
  const digest = createHash('sha256')
  for (const file of ['foundry.toml', ...globSync('src/**/*.sol', { cwd: contracts }).sort()]) {
    digest
      .update(file)
      .update('\0')
      .update(readFileSync(join(contracts, file)))
      .update('\0')
  }
  return digest.digest('hex')
}

const stampFile = join(contracts, 'out/.compiled')
const isStale = (digest: string): boolean => !existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== digest

// Always the whole of it, tests too when they are next built: what the compiler makes of a part differs in a few bytes, and in gas.
function compile(digest: string): void {
  for (const made of ['out', 'cache']) rmSync(join(contracts, made), { recursive: true, force: true })
  execFileSync(process.execPath, [join(contracts, 'bin/forge'), 'build', '--skip', 'test'], {
    cwd: contracts,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  mkdirSync(generated, { recursive: true })
  for (const name of names) {
    const { abi, bytecode } = JSON.parse(readFileSync(join(contracts, `out/${name}.sol/${name}.json`), 'utf8')) as {
      abi: unknown
      bytecode: { object: string }
    }
    const text = [
      '// Written by scripts/contracts.ts from contracts/; do not edit.',
      `export const abi = ${JSON.stringify(abi, null, 2)} as const`,
      '',
      `export const creationCode =\n  '${bytecode.object}' as const`,
      '',
    ].join('\n')
    writeIfChanged(join(generated, `${name}.ts`), text)
  }
  writeFileSync(stampFile, digest)
}

function writeIfChanged(file: string, text: string): void {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
}

const digest = sourceDigest()
if (!process.argv.includes('--if-stale') || isStale(digest)) {
  console.log('Compiling the contracts…')
  compile(digest)
}
