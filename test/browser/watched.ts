import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'

export type Watched = {
  page: Page
  /** Fails when the page logged an error, broke its content security policy, or asked any other origin. */
  assertQuiet(): void
}

/** A page whose every complaint and every request is written down. */
export async function openWatched(browser: Browser, origin: string): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, locale: 'en-GB' })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints: string[] = []
  const foreign: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('request', request => {
    if (new URL(request.url()).origin !== origin) foreign.push(request.url())
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', event => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)
    })
  })
  return {
    page,
    assertQuiet() {
      assert.deepEqual(complaints, [])
      assert.deepEqual(foreign, [])
    },
  }
}

/** How much wider than the window the page is, in pixels. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Waits until a condition holds. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000
  while (!(await holds())) {
    if (Date.now() > end) assert.fail(`never: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
