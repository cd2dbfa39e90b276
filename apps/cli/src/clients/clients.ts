/** What a client has to know to ask this house. */
export type Place = {
  /** The gateway's URL, without a path. */
  url: string
  key: string
  model: string
}

/** How one client is told: by variables, by arguments that go before its own, by text for a file of its own. */
export type Client = {
  /** The program, where `heddle NAME` starts it. */
  program?: string
  /** How to get it. */
  from?: string
  variables(place: Place): Readonly<Record<string, string>>
  flags?(place: Place): readonly string[]
  /** What its own file has to hold, where variables are not enough. */
  file?(place: Place): { path: string; text: string }
}

const openai = ({ url, key }: Place): Record<string, string> => ({
  OPENAI_BASE_URL: `${url}/v1`,
  OPENAI_API_KEY: key,
})

const anthropic = ({ url, key }: Place): Record<string, string> => ({
  ANTHROPIC_BASE_URL: url,
  ANTHROPIC_API_KEY: key,
})

/** The clients that `heddle env` knows, and how each wants to be told. */
export const clients = {
  openai: { variables: openai },
  anthropic: { variables: anthropic },
  claude: {
    program: 'claude',
    from: 'npm install -g @anthropic-ai/claude-code',
    // The token goes as `authorization: Bearer`, and is not taken for a key of Anthropic's own to be approved first.
    variables: ({ url, key, model }) => ({
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_AUTH_TOKEN: key,
      ANTHROPIC_MODEL: model,
      ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
      ANTHROPIC_DEFAULT_SONNET_MODEL: model,
      ANTHROPIC_DEFAULT_OPUS_MODEL: model,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    }),
  },
  codex: {
    program: 'codex',
    from: 'npm install -g @openai/codex',
    variables: ({ key }) => ({ HEDDLE_API_KEY: key }),
    flags: ({ url, model }) => [
      ...['-c', 'model_provider="heddle"', '-c', `model=${JSON.stringify(model)}`],
      ...['-c', 'model_providers.heddle.name="Heddle"'],
      ...['-c', `model_providers.heddle.base_url=${JSON.stringify(`${url}/v1`)}`],
      ...['-c', 'model_providers.heddle.env_key="HEDDLE_API_KEY"'],
      ...['-c', 'model_providers.heddle.wire_api="responses"'],
    ],
  },
  opencode: {
    program: 'opencode',
    from: 'npm install -g opencode-ai',
    variables: ({ url, key, model }) => ({
      OPENCODE_CONFIG_CONTENT: JSON.stringify({
        model: `heddle/${model}`,
        provider: {
          heddle: {
            npm: '@ai-sdk/openai-compatible',
            name: 'Heddle',
            options: { baseURL: `${url}/v1`, apiKey: key },
            models: { [model]: {} },
          },
        },
      }),
    }),
  },
  qwen: {
    program: 'qwen',
    from: 'npm install -g @qwen-code/qwen-code',
    variables: place => ({ ...openai(place), OPENAI_MODEL: place.model }),
  },
  aider: {
    program: 'aider',
    from: 'pip install aider-chat',
    variables: ({ url, key, model }) => ({
      OPENAI_API_BASE: `${url}/v1`,
      OPENAI_API_KEY: key,
      AIDER_MODEL: `openai/${model}`,
    }),
  },
  continue: {
    variables: openai,
    file: ({ url, key, model }) => ({
      path: '~/.continue/config.yaml',
      text: [
        'name: Heddle',
        'version: 0.0.1',
        'schema: v1',
        'models:',
        `  - name: ${model}`,
        '    provider: openai',
        `    model: ${model}`,
        `    apiBase: ${url}/v1`,
        `    apiKey: ${key}`,
      ].join('\n'),
    }),
  },
  llm: {
    variables: () => ({}),
    // A key from its own store is asked for by name: without one it sends none of ours, whatever the variables say.
    file: ({ url, key, model }) => ({
      path: '~/.config/io.datasette.llm/extra-openai-models.yaml',
      text: [
        '- model_id: heddle',
        `  model_name: ${model}`,
        `  api_base: ${url}/v1`,
        '  headers:',
        `    Authorization: Bearer ${key}`,
        '  supports_tools: true',
        '  supports_schema: true',
      ].join('\n'),
    }),
  },
  'open-webui': {
    variables: ({ url, key }) => ({
      OPENAI_API_BASE_URL: `${url}/v1`,
      OPENAI_API_KEY: key,
      ENABLE_OLLAMA_API: 'false',
    }),
  },
  litellm: {
    variables: ({ url, key }) => ({ OPENAI_API_BASE: `${url}/v1`, OPENAI_API_KEY: key }),
  },
} as const satisfies Readonly<Record<string, Client>>

export type ClientName = keyof typeof clients

export const clientNames = Object.keys(clients) as ClientName[]

/** Those that `heddle NAME` starts. */
export const startable = clientNames.filter(name => 'program' in clients[name])
