import { type ChatHistoryItem, type LlamaModel, LlamaText, resolveChatWrapper, type Token } from 'node-llama-cpp'
import type { Message } from '../limits.ts'

/** A conversation as the model was trained to read it. */
export type Template = {
  name: string
  /** Tokens of a conversation, up to where the assistant's answer begins. */
  tokens(messages: readonly Message[]): Token[]
  /** Tokens and texts that end a turn, besides the model's own end-of-generation tokens. */
  ends: { tokens: ReadonlySet<Token>; texts: readonly string[] }
}

/**
 * Resolves the chat template of a model: its own where it ships one, else the one its family uses, else a plain one.
 * What users write is tokenised as text, always: "<|im_end|>" in a message is seven characters and more, never the
 * token.
 */
export function resolveTemplate(model: LlamaModel): Template {
  const wrapper = resolveChatWrapper(model, { warningLogs: false })
  const render = (messages: readonly Message[]) =>
    wrapper.generateContextState({ chatHistory: [...messages.map(historyItem), { type: 'model', response: [] }] })
  const { stopGenerationTriggers } = render([{ role: 'user', content: 'hi' }])
  return {
    name: wrapper.wrapperName,
    tokens(messages) {
      const tokens = LlamaText(render(messages).contextText).tokenize(model.tokenizer)
      return repeatsStart(model, tokens) ? tokens.slice(1) : tokens
    },
    ends: endsOf(model, stopGenerationTriggers),
  }
}

function historyItem({ role, content }: Message): ChatHistoryItem {
  if (role === 'assistant') return { type: 'model', response: [content] }
  return { type: role, text: content }
}

/** Wrappers begin with BOS; where BOS is also what begins a message (ChatML on SmolLM2), one of the two is too many. */
function repeatsStart({ tokens: special }: LlamaModel, tokens: Token[]): boolean {
  return (
    special.bos !== null && !special.shouldPrependBosToken && tokens[0] === special.bos && tokens[1] === special.bos
  )
}

function endsOf(model: LlamaModel, triggers: readonly LlamaText[]): Template['ends'] {
  const tokens = new Set<Token>()
  const texts: string[] = []
  for (const trigger of triggers) {
    const text = trigger.toString()
    if (trigger.values.every(value => typeof value === 'string')) {
      if (text) texts.push(text)
      continue
    }
    const [token, ...others] = trigger.tokenize(model.tokenizer)
    if (token !== undefined && others.length === 0 && model.isSpecialToken(token)) tokens.add(token)
  }
  return { tokens, texts }
}
