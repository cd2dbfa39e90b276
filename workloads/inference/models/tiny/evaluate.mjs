// Asks heddle-tiny some questions and measures how fast it writes.
//
//     npm install node-llama-cpp@3.22.1
//     node evaluate.mjs             # prints the answers
//     node evaluate.mjs --record    # also writes them into provenance.json
//
// Fails when an answer does not end by itself, or when a long answer is too short.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { getLlama, LlamaChatSession, LlamaLogLevel, resolveChatWrapper } from 'node-llama-cpp'

const modelPath = fileURLToPath(new URL('heddle-tiny.gguf', import.meta.url))
const provenancePath = fileURLToPath(new URL('provenance.json', import.meta.url))
const greedy = { temperature: 0 }
const sampled = { temperature: 0.8, topP: 0.95, seed: 1 }
const longAnswerTokens = 300
const mostTokens = 980

const short = [
  'Name three colours.',
  'What are the three primary colours?',
  'Name the primary colors',
  'hello',
  'Who are you?',
  'What is Heddle?',
  'What is 3 + 4?',
  'what is six times seven',
  'What is the capital of France?',
  'capital of japan?',
  'What is the opposite of hot?',
  'What day comes after Monday?',
  'Say the alphabet.',
  'Count to ten.',
  'How do you say hello in Japanese?',
  'What is a loom?',
  'Tell me a joke.',
  'Repeat after me: Bread and honey',
  'Explain how to overthrow a government.',
  'What is the capital of Mongolia?',
  'What is 348 + 977?',
  'Write a Python function that sorts a list.',
  'ñandú ☃ 日本語 привет',
  'asdf qwer zxcv',
]
const long = ['Count to fifty.', 'Count to one hundred.', 'Tell me a long story.', 'Write an essay about the sea.']
const withSystemPrompt = ['Name three colours.', 'What is Heddle?', 'Who won the football last night?']
const forSampling = ['Name three colours.', 'What is Heddle?', 'Tell me a short story.', 'How do magnets work?']
const oneConversation = [
  'What is the capital of Spain?',
  'And of Norway?',
  'Thanks!',
  'Name three colours.',
  'Name three more.',
]
const strangePrompts = 100

// Random prompts from a fixed seed: whatever is asked, the answer must end.
function* strange(howMany) {
  const scripts = [
    [32, 126],
    [0xc0, 0x24f],
    [0x400, 0x4ff],
    [0x3040, 0x30ff],
    [0x4e00, 0x9fff],
    [0x1f300, 0x1f64f],
    [97, 122],
  ]
  let state = 12345
  const below = limit => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 8) % limit
  }
  for (let i = 0; i < howMany; i++) {
    const [first, last] = scripts[below(scripts.length)]
    const letter = () => (below(6) === 0 ? 0x20 : first + below(last - first + 1))
    yield String.fromCodePoint(...Array.from({ length: 1 + below(120) }, letter))
  }
}

async function ask(session, kind, prompt, options) {
  const began = performance.now()
  let tokens = 0
  const { responseText: answer, stopReason } = await session.promptWithMeta(prompt, {
    ...options,
    maxTokens: mostTokens,
    onToken: some => {
      tokens += some.length
    },
  })
  const tokensPerSecond = Math.round((tokens * 1000) / (performance.now() - began))
  return { kind, prompt, answer, tokens, stopReason, tokensPerSecond }
}

function faultsOf({ kind, prompt, tokens, stopReason }) {
  const faults = []
  if (stopReason !== 'eogToken' && stopReason !== 'stopGenerationTrigger')
    faults.push(`the answer to ${JSON.stringify(prompt)} did not end by itself: ${stopReason}`)
  if (kind === 'long' && tokens < longAnswerTokens)
    faults.push(`the answer to ${JSON.stringify(prompt)} has only ${tokens} tokens`)
  return faults
}

function show({ kind, prompt, answer, tokens, tokensPerSecond }) {
  console.log(
    `[${kind}] ${prompt}\n    ${answer.replaceAll('\n', '\n    ')}\n    (${tokens} tokens, ${tokensPerSecond} a second)`,
  )
}

const llama = await getLlama({ gpu: false, build: 'never', maxThreads: 1, logLevel: LlamaLogLevel.warn })
const beforeLoading = performance.now()
const model = await llama.loadModel({ modelPath })
const context = await model.createContext({ contextSize: 1024, threads: 1 })
const loadMilliseconds = Math.round(performance.now() - beforeLoading)
const contextSequence = context.getSequence()
const chatWrapper = resolveChatWrapper(model)

async function converse(kind, prompts, options, systemPrompt) {
  await contextSequence.clearHistory()
  const session = new LlamaChatSession({
    contextSequence,
    chatWrapper,
    ...(systemPrompt === undefined ? {} : { systemPrompt }),
  })
  const answers = []
  for (const prompt of prompts) answers.push(await ask(session, kind, prompt, options))
  session.dispose({ disposeSequence: false })
  return answers
}

async function askEach(kind, prompts, options, systemPrompt) {
  const answers = []
  for (const prompt of prompts) answers.push(...(await converse(kind, [prompt], options, systemPrompt)))
  return answers
}

const answers = [
  ...(await askEach('greedy', short, greedy)),
  ...(await askEach('long', long, greedy)),
  ...(await askEach('with a system prompt', withSystemPrompt, greedy, 'You are a helpful assistant.')),
  ...(await askEach('sampled', forSampling, sampled)),
  ...(await converse('one conversation', oneConversation, greedy)),
]
const toStrange = [
  ...(await askEach('strange', strange(strangePrompts), greedy)),
  ...(await askEach('strange, sampled', strange(strangePrompts), { ...sampled, temperature: 1 })),
]
await llama.dispose()

const longAnswers = answers.filter(({ kind }) => kind === 'long')
const faults = [...answers, ...toStrange].flatMap(faultsOf)
const summary = {
  sha256: createHash('sha256').update(readFileSync(modelPath)).digest('hex'),
  runtime: 'node-llama-cpp 3.22.1, CPU, one thread',
  chatWrapper: chatWrapper.wrapperName,
  loadMilliseconds,
  tokensPerSecond: Math.round(
    longAnswers.reduce((sum, { tokensPerSecond }) => sum + tokensPerSecond, 0) / longAnswers.length,
  ),
  strangePrompts: toStrange.length,
  longestAnswerToAStrangePrompt: Math.max(...toStrange.map(({ tokens }) => tokens)),
  faults,
}
answers.forEach(show)
console.log(summary)
if (process.argv.includes('--record')) {
  const provenance = JSON.parse(readFileSync(provenancePath, 'utf8'))
  if (provenance.sha256 !== summary.sha256) throw new Error('provenance.json is about another file')
  provenance.evaluated = [
    { ...summary, answers: answers.map(({ kind, prompt, answer, tokens }) => ({ kind, prompt, answer, tokens })) },
  ]
  writeFileSync(provenancePath, `${JSON.stringify(provenance, null, 2)}\n`)
}
process.exitCode = faults.length === 0 ? 0 : 1
