import { type ChatSpec, type GenerationSpec, type Message, textsOf } from '../spec.ts'
import type { EventReader } from './event.ts'

/**
 * Marks with which models' templates part one turn from the next. Most engines put messages into their template and read
 * the whole as tokens, so that a mark inside a message is one there too.
 */
const SHAPES = [
  // ChatML, Llama 3, Phi, Harmony, GLM, Granite, Command, Kimi; DeepSeek, with bars as wide as a letter; Gemma 4.
  '<(?=\\|[\\w ./:-]{1,48}\\|>)',
  '<(?=｜[\\w▁ ]{1,48}｜>)',
  '<(?=\\|[a-z_]{1,32}>|[a-z_]{1,32}\\|>)',
  // Llama 2, Mistral, Gemma, and what begins and ends texts.
  '<(?=<\\/?SYS>>)',
  '<(?=\\/?s>|(?:start|end)_of_(?:turn|utterance|image)>|(?:bos|eos|pad|unk|sop|eop)>)',
  '\\[(?=\\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CALLS|TOOL_CONTENT|BOS|EOS|EOT|gMASK)\\])',
]
const MARK = new RegExp(SHAPES.join('|'))
const MARKS = new RegExp(MARK, 'g')
/** A space of no width: the same to a reader, and no mark to a tokenizer. */
const BREAK = '\u200b'

const broken = (text: string): string => text.replace(MARKS, `$&${BREAK}`)

/**
 * A question whose texts hold no marks: each is broken after its first character. What continues a text as it stands
 * (`/v1/completions`) is left alone. The same object where there was nothing to break.
 *
 * @example
 * ```ts
 * // sketch
 * withoutMarks(chat('What does <|im_end|> do?')) // '<', a space of no width, '|im_end|>'
 * ```
 */
export function withoutMarks<T extends GenerationSpec>(spec: T): T {
  if (spec.task !== 'chat') return spec
  const texts = [...textsOf(spec), ...(spec.tools ?? []).map(({ description = '' }) => description)]
  return texts.some(text => MARK.test(text)) ? { ...spec, ...brokenIn(spec) } : spec
}

const brokenIn = ({ messages, tools }: ChatSpec): Pick<ChatSpec, 'messages' | 'tools'> => ({
  messages: messages.map(brokenMessage),
  ...(tools && {
    tools: tools.map(tool => ({
      ...tool,
      ...(tool.description !== undefined && { description: broken(tool.description) }),
    })),
  }),
})

function brokenMessage(message: Message): Message {
  if (message.role === 'user') {
    const { content } = message
    if (typeof content === 'string') return { ...message, content: broken(content) }
    return {
      ...message,
      content: content.map(part => (part.type === 'text' ? { ...part, text: broken(part.text) } : part)),
    }
  }
  if (message.role !== 'assistant') return { ...message, content: broken(message.content) }
  const { content, reasoning, toolCalls } = message
  return {
    ...message,
    content: broken(content),
    ...(reasoning !== undefined && { reasoning: broken(reasoning) }),
    ...(toolCalls && { toolCalls: toolCalls.map(call => ({ ...call, arguments: broken(call.arguments) })) }),
  }
}

/** Reads an answer to a question whose marks were broken: where the model repeats one, it is whole again. */
export function mendingMarks(read: EventReader): EventReader {
  let before = ''
  const mended = (text: string): string => {
    let out = ''
    for (const character of text) {
      if (character === BREAK && (before === '<' || before === '[')) continue
      before = character
      out += character
    }
    return out
  }
  return message => {
    const event = read(message)
    const pieces = event.pieces.map(piece => ({
      ...piece,
      ...(piece.reasoning !== undefined && { reasoning: mended(piece.reasoning) }),
      ...(piece.text !== undefined && { text: mended(piece.text) }),
      ...(piece.toolCall?.arguments !== undefined && {
        toolCall: { ...piece.toolCall, arguments: mended(piece.toolCall.arguments) },
      }),
    }))
    return { ...event, pieces }
  }
}
