import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { HeddleError } from '@heddle/protocol'

const PUBLIC_INDEX = 'https://pypi.org/simple'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The package index that pip would use here: `PIP_INDEX_URL`, else `index-url` of pip's configuration files, else
 * the public one.
 */
export async function pipIndex(env: Environment = process.env, home = homedir()): Promise<string> {
  if (env['PIP_INDEX_URL']) return env['PIP_INDEX_URL']
  for (const file of configFiles(env, home)) {
    const url = indexOf(await readFile(file, 'utf8').catch(() => ''))
    if (url) return url
  }
  return PUBLIC_INDEX
}

/** Strongest first, as pip reads them. */
function configFiles(env: Environment, home: string): string[] {
  const files = [
    join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'pip', 'pip.conf'),
    join(home, 'Library', 'Application Support', 'pip', 'pip.conf'),
    join(home, '.pip', 'pip.conf'),
    '/etc/xdg/pip/pip.conf',
    '/etc/pip.conf',
  ]
  if (env['VIRTUAL_ENV']) files.unshift(join(env['VIRTUAL_ENV'], 'pip.conf'))
  if (env['PIP_CONFIG_FILE']) files.unshift(env['PIP_CONFIG_FILE'])
  return files
}

/** `index-url` of the `[global]` section, or of `[install]`, which is stronger. */
function indexOf(config: string): string | undefined {
  let section = ''
  const found: Record<string, string> = {}
  for (const line of config.split('\n')) {
    const header = /^\s*\[([^\]]+)\]/.exec(line)
    const setting = /^\s*index[-_]url\s*[=:]\s*(\S+)/.exec(line)
    if (header) section = header[1]!.trim()
    else if (setting) found[section] = setting[1]!
  }
  return found['install'] ?? found['global']
}

/** A URL without its credentials, and the header that carries them instead. */
export function withoutCredentials(address: string): { url: string; headers: Record<string, string> } {
  const url = new URL(address)
  const { username, password } = url
  url.username = ''
  url.password = ''
  if (!username && !password) return { url: url.href, headers: {} }
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { url: url.href, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } }
}

/** Finds a file's URL on the project's page of a simple index (PEP 503 or 691). Throws `model_unavailable`. */
export function findOnPage(page: string, contentType: string, base: string, file: string): string {
  const links = contentType.includes('json') ? jsonLinks(page) : htmlLinks(page)
  for (const link of links) {
    const url = new URL(link, base)
    if (decodeURIComponent(url.pathname).endsWith(`/${file}`)) {
      url.hash = ''
      return url.href
    }
  }
  throw new HeddleError('model_unavailable', `the package index has no ${file}`)
}

function jsonLinks(page: string): string[] {
  try {
    const { files = [] } = JSON.parse(page) as { files?: { url: string }[] }
    return files.map(file => file.url)
  } catch {
    return []
  }
}

const htmlLinks = (page: string): string[] =>
  [...page.matchAll(/<a\s[^>]*href\s*=\s*["']([^"']+)["']/gi)].map(match => match[1]!.replaceAll('&amp;', '&'))
