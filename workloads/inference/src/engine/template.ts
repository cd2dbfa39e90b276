import { parseOrdered } from '@heddle/protocol/ordered'
import {
  type ChatModelFunctions,
  type ChatWrapper,
  type LlamaModel,
  LlamaText,
  resolveChatWrapper,
  SpecialTokensText,
  type Token,
} from 'node-llama-cpp'
import type { ChatSpec } from '../spec.ts'
import type { Mode } from './answer.ts'
import type { CallForm } from './calls.ts'
import { historyOf, instruct, wordsOfFormat, wordsOfTools } from './conversation.ts'

/** What a prompt is, and what the answer begins as. `name`: the prompt ends with a call to this tool. */
export type Prompt = { tokens: Token[]; opens: Mode; name?: string }

/** The texts around a model's reasoning; without `open` it begins every answer. `closing` ends it by force. */
export type Reasoning = { open?: string; close: string; closing: Token[] }

/** A conversation as the model was trained to read it. */
export type Template = {
  name: string
  /** Tokens of a conversation, up to where the assistant's answer begins. Throws `Refused`. */
  prompt(spec: ChatSpec): Prompt
  /** Tokens and texts that end a turn, besides the model's own end-of-generation tokens. */
  ends: { tokens: ReadonlySet<Token>; texts: readonly string[] }
  /** How the model writes calls; absent where its template's way is none that can be read and held to a grammar. */
  calls?: CallForm
  /** What opens and closes the model's reasoning, for models that have any. */
  reasoning?: Reasoning
  /** Special tokens whose text is looked for in answers. */
  marks: ReadonlySet<Token>
}

/** node-llama-cpp's own form of a call, for templates that have none; here with schemas instead of TypeScript. */
const GENERIC = '||call: '

/**
 * Resolves the chat template of a model: its own where it ships one, else the one its family uses, else a plain one.
 * What users write is tokenised as text, always: "<|im_end|>" in a message is seven characters and more, never the
 * token.
 */
export function resolveTemplate(model: LlamaModel): Template {
  const wrapper = resolveChatWrapper(model, { warningLogs: false })
  const hello = [
    { type: 'user' as const, text: 'hi' },
    { type: 'model' as const, response: [] },
  ]
  const { stopGenerationTriggers, ...state } = wrapper.generateContextState({ chatHistory: hello })
  // Templates that put the answer itself into segments (Harmony's channels) are not read here.
  const simple = !state.prefixTriggers && !state.noPrefixTrigger && !state.rerender && !state.functionCall
  const calls = simple ? callForm(wrapper, model) : undefined
  const reasoning = simple ? reasoningForm(wrapper, model) : undefined
  const generic = LlamaText(wrapper.settings.functions.call.prefix).toString() === GENERIC
  const specials = [wrapper.settings.functions.call.prefix, wrapper.settings.functions.call.paramsPrefix]
  const forms = [
    ...specials,
    wrapper.settings.functions.call.suffix,
    ...partsOf(wrapper),
    reasoning?.open,
    reasoning?.close,
  ]

  return {
    name: wrapper.wrapperName,
    prompt(spec) {
      const offered = spec.toolChoice === 'none' ? undefined : spec.tools
      const words = [offered && generic ? wordsOfTools({ tools: offered }) : '', wordsOfFormat(spec)].filter(Boolean)
      const functions = Object.fromEntries(
        (generic ? [] : (offered ?? [])).map(({ name, description, parameters }) => [
          name,
          {
            ...(description !== undefined && { description }),
            ...(parameters && { params: parseOrdered(parameters) }),
          },
        ]),
      ) as ChatModelFunctions
      const instructed = instruct(spec.messages, words.join('\n\n'))
      const added = instructed.length - spec.messages.length
      const chatHistory = historyOf(instructed, { thoughts: reasoning !== undefined, added })
      const { contextText } = wrapper.generateContextState({ chatHistory, availableFunctions: functions })
      const { head, ...rest } = headOf(spec, contextText.toString(), { wrapper, reasoning })
      const tokens = LlamaText([contextText, head]).tokenize(model.tokenizer)
      return { tokens: repeatsStart(model, tokens) ? tokens.slice(1) : tokens, ...rest }
    },
    ends: endsOf(model, stopGenerationTriggers),
    ...(calls && { calls }),
    ...(reasoning && { reasoning }),
    marks: new Set(
      forms.flatMap(form =>
        form === undefined ? [] : tokensOf(model, form).filter(token => model.isSpecialToken(token)),
      ),
    ),
  }
}

/** What is put into the model's mouth: the end of its reasoning, the beginning of a call. */
function headOf(
  spec: ChatSpec,
  context: string,
  { wrapper, reasoning }: { wrapper: ChatWrapper; reasoning: Reasoning | undefined },
): { head: LlamaText; opens: Mode; name?: string } {
  const thought = wrapper.settings.segments?.thought
  const started = reasoning?.open === undefined || context.trimEnd().endsWith(reasoning.open)
  const opened = reasoning !== undefined && thought !== undefined && started
  const forced = spec.toolChoice === 'required' || typeof spec.toolChoice === 'object'
  const closing = forced || spec.format || spec.reasoning === 'none'
  const head: LlamaText[] = []
  if (reasoning && closing && (opened || spec.reasoning === 'none')) {
    if (!opened && reasoning.open !== undefined) head.push(LlamaText(new SpecialTokensText(`${reasoning.open}\n\n`)))
    head.push(LlamaText(new SpecialTokensText(`${reasoning.close}\n\n`)))
  }
  const wanted = reasoning?.open !== undefined && spec.reasoning !== undefined && !closing
  if (wanted && !opened) head.push(LlamaText(new SpecialTokensText(`${reasoning.open}\n`)))
  if (!forced) return { head: LlamaText(head), opens: (opened || wanted) && !closing ? 'reasoning' : 'text' }
  const { call } = wrapper.settings.functions
  const section = wrapper.settings.functions.parallelism?.call.sectionPrefix ?? ''
  head.push(LlamaText([section, call.prefix]))
  const name = typeof spec.toolChoice === 'object' ? spec.toolChoice.name : undefined
  if (name === undefined) return { head: LlamaText(head), opens: 'call' }
  head.push(LlamaText([name, named(call.paramsPrefix, name)]))
  return { head: LlamaText(head), opens: 'call', name }
}

type Words = string | LlamaText

const named = (words: Words, name: string): LlamaText =>
  LlamaText(words).mapValues(value => (typeof value === 'string' ? value.replaceAll('{{functionName}}', name) : value))

const tokensOf = (model: LlamaModel, words: Words): Token[] => LlamaText(words).tokenize(model.tokenizer)

const partsOf = ({ settings }: ChatWrapper): Words[] => {
  const { sectionPrefix, betweenCalls, sectionSuffix } = settings.functions.parallelism?.call ?? {}
  return [sectionPrefix, betweenCalls, sectionSuffix].filter(part => part !== undefined)
}

/** As text, up to where the model would end its turn. */
function plain(model: LlamaModel, words: Words): { text: string; whole: boolean } {
  const tokens = tokensOf(model, words)
  const end = tokens.findIndex(token => model.isEogToken(token))
  return { text: model.detokenize(end < 0 ? tokens : tokens.slice(0, end), true), whole: end < 0 }
}

/** Read from the template's settings, and believed only if a call that the template writes itself reads so. */
function callForm(wrapper: ChatWrapper, model: LlamaModel): CallForm | undefined {
  const { call, parallelism } = wrapper.settings.functions
  const lead = LlamaText([parallelism?.call.sectionPrefix ?? '', call.prefix])
  const [first, ...others] = lead.trimStart().values
  if (first === undefined || (typeof first !== 'string' && !(first instanceof SpecialTokensText))) return undefined
  const begin = first.toString()
  const mark = begin.trimStart().split('\n')[0]!.trimEnd()
  if (mark === '') return undefined
  const form: CallForm = {
    mark,
    lead: `${begin.slice(begin.indexOf(mark) + mark.length)}${others.map(String).join('')}`,
    open: name => named(call.paramsPrefix, name).toString(),
    close: name => plain(model, named(call.suffix, name)).text,
    end: plain(model, parallelism?.call.sectionSuffix ?? '').text,
  }
  const between = LlamaText([parallelism?.call.betweenCalls ?? '', call.prefix]).toString()
  if (parallelism && plain(model, call.suffix).whole) form.next = between
  const sample = { probe: [1, 'a'] }
  const written = wrapper.generateFunctionCall('probe', sample).toString()
  const begins = `${LlamaText(call.prefix).toString()}probe${form.open('probe')}`
  const [open, json] = [written.slice(0, begins.length), written.slice(begins.length)]
  const ends = named(call.suffix, 'probe').toString()
  if (open !== begins || !json.endsWith(ends)) return undefined
  return sameJson(json.slice(0, json.length - ends.length), sample) ? form : undefined
}

function sameJson(text: string, value: unknown): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(value)
  } catch {
    return false
  }
}

function reasoningForm({ settings }: ChatWrapper, model: LlamaModel): Reasoning | undefined {
  const { thought, closeAllSegments } = settings.segments ?? {}
  const close = LlamaText(thought?.suffix ?? closeAllSegments ?? '')
    .toString()
    .trim()
  if (!thought || close === '') return undefined
  const { prefix } = thought
  const atStart = typeof prefix === 'object' && 'type' in prefix && prefix.type === 'openedOnStart'
  const open = atStart
    ? ''
    : LlamaText(prefix as Words)
        .toString()
        .trim()
  const closing = LlamaText(new SpecialTokensText(`${close}\n\n`)).tokenize(model.tokenizer)
  return { ...(open !== '' && { open }), close, closing }
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
