import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Usage } from '@heddle/protocol'
import { digestOfWeights } from '../models/weights.ts'
import { temporary } from '../testing/files.ts'
import { jobOf, recorder, tinyPath, tinyWorker } from '../testing/fixtures.ts'
import { story } from '../testing/tiny-engine.ts'
import { type ChatSpec, type InferenceUnit, readPieces } from '../workload.ts'

/** The tiny model with another template of the same length: one with a place for reasoning. */
async function thinkingModel(folder: string) {
  const bytes = readFileSync(tinyPath())
  const name = 'tokenizer.chat_template'
  const at = bytes.indexOf(name) + name.length + 4
  const length = Number(bytes.readBigUInt64LE(at))
  const turn = '{% for m in messages %}{{m.role}}: {{m.content}}<|im_end|>\n{% endfor %}'
  const template = `${turn}{% if add_generation_prompt %}assistant: {% endif %}{#<think></think>#}`
  bytes.write(template.replace('{#', `{#${' '.repeat(length - template.length)}`), at + 8)
  const path = join(folder, 'thinking.gguf')
  await writeFile(path, bytes)
  return { name: 'thinking', path, digest: await digestOfWeights(path) }
}

test(
  'a model that reasons says so, thinks before it answers, and not at all when asked not to',
  { timeout: 230_000 },
  async t => {
    const model = await thinkingModel(await temporary(t))
    const worker = await tinyWorker({ model, context: 1024 })
    t.after(() => worker.stop())
    assert.ok(worker.serves()[0]!.features.includes('reasoning'))
    const ask = async (reasoning: ChatSpec['reasoning']) => {
      const { context, delivered } = recorder()
      const job = { ...jobOf({ messages: story, ...(reasoning && { reasoning }) }), serves: model }
      let used: Usage<InferenceUnit> | undefined
      for await (const chunk of worker.execute(job, context)) used = chunk.used
      return { used: used!, pieces: readPieces(delivered.output) }
    }
    const { pieces, used } = await ask('high')
    const first = pieces.findIndex(piece => piece.text !== undefined)
    const last = pieces.findLastIndex(piece => piece.reasoning !== undefined)
    assert.ok(last >= 0 && last < first, JSON.stringify(pieces))
    const { reasoningTokens = 0, finish } = pieces.at(-1)!
    assert.equal(finish, 'stop')
    assert.ok(reasoningTokens > 0 && BigInt(reasoningTokens) < used.completion)
    for (const piece of pieces) assert.ok(!/<\/?think>/.test(`${piece.text}${piece.reasoning}`))
    assert.ok((await ask('none')).pieces.every(piece => piece.reasoning === undefined))
  },
)
