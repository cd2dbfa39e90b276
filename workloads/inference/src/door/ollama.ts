import { type Door, HeddleError, type Route } from '@heddle/protocol'

/**
 * Ollama's own API is not spoken here, by intent: most of it manages the engine, and its record is why nothing of it
 * may be reached. Its clients show the one sentence that these paths answer with.
 */
const REFUSAL =
  "This is Heddle, which does not speak Ollama's API. Use an OpenAI client with this address and /v1 as its base URL, " +
  'or an Anthropic client with this address.'

const PATHS = [
  'chat',
  'generate',
  'embed',
  'embeddings',
  'show',
  'pull',
  'push',
  'create',
  'copy',
  'delete',
  'me',
  'signout',
]
const LISTS = ['tags', 'ps', 'version']

const refuseRoute = (method: Route['method'], name: string): Route => ({
  method,
  path: `/api/${name}`,
  handle() {
    throw new HeddleError('not_found', REFUSAL)
  },
})

/** Refuses Ollama's clients in a shape that they show to their user. */
export const ollamaDoor: Door = {
  routes: [
    ...PATHS.map(name => refuseRoute('POST', name)),
    ...LISTS.map(name => refuseRoute('GET', name)),
    refuseRoute('DELETE', 'delete'),
  ],
  // Whatever went wrong, a missing key included: what helps is to ask elsewhere.
  error: () => ({ status: 404, body: { error: REFUSAL } }),
}
