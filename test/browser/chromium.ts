import { existsSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { type Browser, chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser to test with. Its absence is a failure and never a skipped test. */
export function findChromium(): string {
  const named = process.env['HEDDLE_CHROMIUM']
  const found = (named ? [named] : PLACES).find(existsSync)
  if (found) return found
  throw new Error(
    named
      ? `HEDDLE_CHROMIUM names ${named}, where nothing is`
      : `no Chromium at ${PLACES.join(', ')}: install it (Debian: apt-get install chromium) or set HEDDLE_CHROMIUM`,
  )
}

/** Starts Chromium with an empty profile of its own; it ends with the test. */
export async function startChromium(t: TestContext): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  t.after(() => browser.close())
  return browser
}
