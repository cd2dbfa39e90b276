import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import { needed } from './installed/needed.ts'
import { startProgram } from './program.ts'
import { PIXEL } from './question.ts'
import { type Asked, turnOf } from './scripted/engine.ts'
import { callJson, freePort, until } from './web.ts'

const WEATHER = `
class Tools:
    def weather(self, city: str) -> str:
        """
        Tells the weather in a city.
        :param city: The city.
        """
        return f"It snows in {city}."
`

/** What its browser sends for a new chat, with a tool and all that it does by itself afterwards. */
const chatOf = (model: string, id: string, content: unknown) => {
  const [asked, answer] = [randomUUID(), randomUUID()]
  const question = { id: asked, parentId: null, childrenIds: [answer], role: 'user', content, timestamp: 1 }
  const empty = { id: answer, parentId: asked, childrenIds: [], role: 'assistant', content: '', model, timestamp: 1 }
  const history = { currentId: answer, messages: { [asked]: question, [answer]: empty } }
  return {
    chat: { id: '', title: 'New Chat', models: [model], history, messages: [question, empty], params: {}, files: [] },
    request: {
      model,
      stream: true,
      chat_id: id,
      id: answer,
      session_id: randomUUID(),
      user_message: question,
      messages: [{ role: 'user', content }],
      params: { function_calling: 'native', temperature: 0.4, top_k: 40, seed: 7, stop: ['###'], max_tokens: 200 },
      tool_ids: ['weather'],
      background_tasks: { title_generation: true, tags_generation: true, follow_up_generation: true },
      stream_options: { include_usage: true },
    },
    answer,
  }
}

const TURNS = [
  { calls: [{ name: 'weather', arguments: { city: 'Bern' } }] },
  { says: 'It snows there.', thinks: 'The tool says so.' },
]

/** Titles, tags and what might be asked next are wanted as JSON, in words. */
const script = (asked: Asked) => {
  const words = JSON.stringify(asked.messages)
  if (/"title\\*"/.test(words)) return { says: '{"title":"Snow in Bern"}' }
  if (/"tags\\*"/.test(words)) return { says: '{"tags":["Weather"]}' }
  if (/"follow_ups\\*"/.test(words)) return { says: '{"follow_ups":["And in Oslo?"]}' }
  return asked.tools ? TURNS[turnOf(asked)]! : { says: 'A red dot.' }
}

test('Open WebUI lists the model, chats with a tool, names the chat, and looks at a picture', async t => {
  const client = await needed(t, 'open-webui')
  if (!client) return
  const program = await startProgram(t, client, script)
  const port = await freePort()
  const webUi = program.serve(['serve', '--host', '127.0.0.1', '--port', String(port)], {
    DATA_DIR: join(program.home, 'data'),
    OPENAI_API_BASE_URL: program.base,
    OPENAI_API_KEY: program.apiKey,
    WEBUI_AUTH: 'False',
    WEBUI_SECRET_KEY: 'of this test',
    ENABLE_OLLAMA_API: 'False',
    OFFLINE_MODE: 'True',
    // Without its own models for searching and speaking, which would be fetched.
    USE_SLIM_DOCKER: 'true',
    VECTOR_DB: 'pgvector',
  })
  const at = `http://127.0.0.1:${port}/api`
  const { token } = await until(webUi, () =>
    callJson<{ token: string }>(`${at}/v1/auths/signin`, '', { email: '', password: '' }),
  )
  const { data } = await callJson<{ data: { id: string }[] }>(`${at}/models`, token)
  assert.deepEqual(
    data.map(({ id }) => id).filter(id => id !== 'arena-model'),
    [program.model],
  )
  await callJson(`${at}/v1/tools/create`, token, { id: 'weather', name: 'Weather', content: WEATHER, meta: {} })

  const first = chatOf(program.model, '', 'How is the weather in Bern?')
  const { id } = await callJson<{ id: string }>(`${at}/v1/chats/new`, token, { chat: first.chat })
  await callJson(`${at}/chat/completions`, token, { ...first.request, chat_id: id })
  type Chat = { title: string; chat: { history: { messages: Record<string, Message> } } }
  type Message = { done?: boolean; content: string; followUps?: string[]; error?: { content: string } }
  const { answer, title } = await until(webUi, async () => {
    const { chat, title } = await callJson<Chat>(`${at}/v1/chats/${id}`, token)
    const answer = chat.history.messages[first.answer]!
    const isWhole = answer.error ?? (answer.done && answer.followUps && title !== 'New Chat')
    return isWhole ? { answer, title } : undefined
  })
  assert.equal(answer.error, undefined)
  assert.match(answer.content, /It snows there\./)
  assert.equal(title, 'Snow in Bern')
  const told = program.engine.asked.flatMap(({ messages }) => messages).find(({ role }) => role === 'tool')
  assert.match(JSON.stringify(told), /It snows in Bern\./)

  const picture = { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } }
  const seen = await callJson<{ choices: { message: { content: string } }[] }>(`${at}/chat/completions`, token, {
    model: program.model,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'What is this?' }, picture] }],
  })
  assert.equal(seen.choices[0]!.message.content, 'A red dot.')
  assert.ok((await program.checkReceipts()).length >= 6)
  program.compare({ 'list models': 'works', streamed: 'works', 'several turns with tools': 'works', picture: 'works' })
})
