/** Names of models that are served and shown: plain ASCII, so that no two look alike, and no path. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*){0,3}(:[A-Za-z0-9][A-Za-z0-9._-]*)?$/
const MAX_NAME = 128

export const isModelName = (name: string): boolean =>
  name.length <= MAX_NAME && NAME.test(name) && !name.split(/[/:]/).some(part => part.includes('..'))

/** Names under which Ollama passes a request on to its maker's machines, on the account of whoever runs it. */
export const isCloudName = (name: string): boolean => /[:-]cloud$/i.test(name)

/** A public name for a model whose own name is a path, e.g. llama-server's. */
export const nameOfPath = (path: string): string =>
  path
    .split(/[/\\]/)
    .at(-1)!
    .replace(/\.gguf$/i, '')
    .replace(/[^A-Za-z0-9._-]/g, '-')
