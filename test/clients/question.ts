import assert from 'node:assert/strict'

/** What a question is, for a model that knows little. */
export const QUESTION = 'Name three colours.'

/** A tool whose arguments a grammar can only make one of two. */
export const weather = {
  name: 'weather',
  description: 'Tells the weather in a city.',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string', enum: ['Bern', 'Oslo'] } },
    required: ['city'],
    additionalProperties: false,
  },
} as const

export function assertCity(input: unknown): void {
  assert.match(JSON.stringify(input), /^\{"city":"(Bern|Oslo)"\}$/)
}

/** A schema that a small model fills in a few tokens. */
export const colour = {
  type: 'object',
  properties: { colour: { type: 'string', enum: ['red', 'green', 'blue'] }, warm: { type: 'boolean' } },
  required: ['colour', 'warm'],
  additionalProperties: false,
} as const

export function assertColour(value: unknown): void {
  const { colour: name, warm, ...rest } = value as Record<string, unknown>
  assert.match(String(name), /^(red|green|blue)$/)
  assert.equal(typeof warm, 'boolean')
  assert.deepEqual(rest, {})
}

/** A PNG of one pixel. */
export const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
