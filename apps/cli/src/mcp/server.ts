import { type Address, formatUnits, HeddleError, parseUnits, toHeddleError, verifyReceipt } from '@heddle/protocol'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { askWithin } from './ask.ts'
import type { Chat, Gateway } from './gateway.ts'
import type { Spending } from './spending.ts'

const chatShape = {
  model: z.string().max(128).optional().describe('A model of the tool `models`; the first that can chat when left out'),
  prompt: z.string().optional().describe('What to ask; either this or messages'),
  messages: z
    .array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }))
    .optional()
    .describe('A conversation to continue, instead of prompt'),
  max_tokens: z.int().min(1).max(32_768).optional().describe('Most tokens of the answer'),
}
type ChatInput = { [K in keyof typeof chatShape]?: z.infer<(typeof chatShape)[K]> }

const hed = (amount: bigint | string): string => `${formatUnits(BigInt(amount))} HED`

/** A tool's result: text for the model, the same as data for programs. */
const result = (value: Record<string, unknown>, text = JSON.stringify(value, null, 2)): CallToolResult => ({
  content: [{ type: 'text', text }],
  structuredContent: value,
})

/** An error as a tool says it: its code, what happened, what to do. */
function failure(thrown: unknown): CallToolResult {
  const error = toHeddleError(thrown)
  return { ...result({ error: error.toJSON() }, `${error.code}: ${error.message}\n${error.fix}`), isError: true }
}

const saying = async (work: () => Promise<CallToolResult>): Promise<CallToolResult> => work().catch(failure)

/**
 * Serves a gateway as MCP tools. Every question's most is held against the session's cap before it is asked; errors come
 * back as tool errors with their code and fix.
 */
export function createMcpServer(gateway: Gateway, spending: Spending, version: string): McpServer {
  const server = new McpServer({ name: 'heddle', version })
  const chatOf = async ({ model, prompt, messages, max_tokens }: ChatInput): Promise<Chat> => {
    if ((prompt === undefined) === (messages === undefined))
      throw new HeddleError('bad_request', 'prompt or messages: one of them')
    return {
      model: model ?? (await firstModel(gateway)),
      messages: messages ?? [{ role: 'user', content: prompt! }],
      ...(max_tokens === undefined ? {} : { max_tokens }),
    }
  }

  server.registerTool(
    'ask',
    {
      description: 'Ask a model. Costs HED unless an own engine answers; the answer has a receipt.',
      inputSchema: {
        ...chatShape,
        max_charge: z.string().optional().describe('Most that this may cost, in HED, e.g. "0.01"'),
      },
      annotations: { readOnlyHint: false, openWorldHint: true },
    },
    ({ max_charge, ...input }, { signal }) =>
      saying(async () => {
        const maxCharge = max_charge === undefined ? {} : { maxCharge: parseUnits(max_charge) }
        const { answer, quote } = await askWithin(gateway, spending, await chatOf(input), { ...maxCharge, signal })
        const text = answer.choices[0]?.message.content ?? ''
        const { heddle, usage } = answer
        return result(
          {
            text,
            model: answer.model,
            finish: answer.choices[0]?.finish_reason ?? null,
            provider: heddle.provider,
            own: quote.own,
            usage: { prompt: usage.prompt_tokens, completion: usage.completion_tokens },
            charge: hed(heddle.charge),
            receipt: heddle.receipt,
          },
          text,
        )
      }),
  )
  server.registerTool(
    'quote',
    {
      description: 'What a question would cost at most, and who would answer; nothing is asked or charged.',
      inputSchema: chatShape,
      annotations: { readOnlyHint: true },
    },
    input =>
      saying(async () => {
        const { model, provider, own, input: counted, most, latency } = await gateway.quote(await chatOf(input))
        return result({ model, provider, own, input: counted, most: hed(most.charge), ...(latency ? { latency } : {}) })
      }),
  )
  server.registerTool(
    'models',
    { description: 'The models that can be asked, with context and features.', annotations: { readOnlyHint: true } },
    () =>
      saying(async () => {
        const models = await gateway.models()
        return result({
          models: models.map(({ id, heddle }) => ({ id, context: heddle.context, features: heddle.features })),
        })
      }),
  )
  server.registerTool(
    'balance',
    { description: 'What this session spent and has left of its cap, in HED.', annotations: { readOnlyHint: true } },
    () =>
      saying(async () => {
        const { cap, spent, held, left } = spending
        const key = await gateway.key()
        return result({
          session: { cap: hed(cap), spent: hed(spent), held: hed(held), left: hed(left) },
          key: { name: key.name, cap: hed(key.cap), spent: hed(key.spent), policy: key.policy },
        })
      }),
  )
  server.registerTool(
    'receipts',
    {
      description: 'The last answers of this key and their receipts.',
      inputSchema: { limit: z.int().min(1).max(200).optional() },
      annotations: { readOnlyHint: true },
    },
    ({ limit = 20 }) =>
      saying(async () => {
        const answers = await gateway.answers(limit)
        const receipts = answers.map(({ id, started, model, charge, finish, state }) => ({
          receipt: id,
          asked: new Date(started).toISOString(),
          model,
          charge: hed(charge),
          finish: finish ?? state,
        }))
        return result({ receipts })
      }),
  )
  server.registerTool(
    'receipt_verify',
    {
      description: 'Verify the signature of a receipt of this gateway against the pinned key of its provider.',
      inputSchema: { receipt: z.string().max(80).describe('The id of the receipt') },
      annotations: { readOnlyHint: true },
    },
    ({ receipt: id }) =>
      saying(async () => {
        const stored = await gateway.receipt(id)
        if (!stored.provider) throw new HeddleError('receipt_signer', 'no key is pinned for its provider')
        const { receipt } = verifyReceipt(stored.receipt, stored.provider as Address)
        // What was signed must be what was asked for, not some other good receipt.
        if (receipt.id !== id) throw new HeddleError('receipt_mismatch', `the gateway gave receipt ${receipt.id}`)
        const { provider, model, usage, charge, finish, finished } = receipt
        return result({
          verified: true,
          receipt: id,
          provider,
          model,
          usage,
          charge: hed(charge),
          finish,
          finished: new Date(finished).toISOString(),
        })
      }),
  )
  return server
}

async function firstModel(gateway: Gateway): Promise<string> {
  const model = (await gateway.models()).find(({ heddle }) => heddle.features.includes('chat'))
  if (!model) throw new HeddleError('no_provider', 'no model that can chat is offered now')
  return model.id
}
