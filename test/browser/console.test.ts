import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatUnits } from '@heddle/protocol'
import type { Page } from 'playwright-core'
import { pageLink } from '../../apps/cli/src/page.ts'
import { buildConsole } from '../../scripts/console.ts'
import { type ChatAnswer, chat, startTestHouse } from '../house.ts'
import { findChromium, startChromium } from './chromium.ts'
import { openWatched, overflow, until } from './watched.ts'

const HOSTILE = '<script>window.hurt = 1</script><img src=x onerror="window.hurt = 1"> Who are you?'

/** What is altered on the way to the page, and which checks then fail. */
const TAMPERED: readonly { path: string; value: unknown; named: string }[] = [
  { path: 'receipt.receipt.charge', value: '1', named: 'Signature, Charge, All together' },
  { path: 'receipt.receipt.usage.completion', value: '1', named: 'Signature, Charge, All together' },
  { path: 'receipt.receipt.model', value: `0x${'00'.repeat(32)}`, named: 'Signature, Model, All together' },
  { path: 'receipt.receipt.engine.name', value: 'another', named: 'Signature, All together' },
  { path: 'receipt.receipt.sequence', value: '7', named: 'Signature' },
  { path: 'receipt.receipt.charged', value: -1, named: 'Signature' },
  { path: 'receipt.signature', value: `0x${'11'.repeat(65)}`, named: 'Signature' },
  { path: 'provider', value: `0x${'11'.repeat(20)}`, named: 'Signature' },
  { path: 'answer.answer', value: HOSTILE.repeat(3), named: 'Answer, All together' },
  { path: 'job.job.spec.messages.0.content', value: HOSTILE, named: 'Job, Question, Seed, All together' },
  { path: 'job.job.nonce', value: `0x${'22'.repeat(32)}`, named: 'Job, Seed, All together' },
  { path: 'offer.prices.prompt', value: '1', named: 'Offer, Charge, All together' },
]

function alter(json: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length > 0) alter(json[name] as Record<string, unknown>, rest, value)
  else json[name] = value
}

test('the console shows a house, and verifies receipts in the browser', async t => {
  findChromium()
  const files = mkdtempSync(join(tmpdir(), 'heddle-console-'))
  t.after(() => rmSync(files, { recursive: true, force: true }))
  await buildConsole(files)
  const house = await startTestHouse(t, { console: files })
  const { url } = house.run.gateway
  const origin = new URL(url).origin
  const ask = async (content: string): Promise<ChatAnswer> => {
    const response = await chat(house, { messages: [{ role: 'user', content }], max_tokens: 24 })
    assert.equal(response.status, 200)
    return (await response.json()) as ChatAnswer
  }
  const first = await ask('Name three colours.')
  const browser = await startChromium(t)
  const { page, assertQuiet } = await openWatched(browser, origin)
  const assertHarmless = async (): Promise<void> => {
    assert.equal(await page.locator('main img, main script').count(), 0)
    assert.equal(await page.evaluate(() => 'hurt' in window), false)
  }

  await t.test('home: daemons, balances, the answer', async () => {
    await page.goto(await pageLink(house.run))
    await page.getByText('Name three colours.').waitFor()
    const cards = page.locator('.card')
    assert.deepEqual(await cards.locator('.state').allTextContents(), ['up', 'up', 'up', 'up'])
    assert.ok((await cards.nth(2).innerText()).includes(house.model.name))
    assert.match((await cards.allInnerTexts()).join('\n'), /first byte in [0-9.]+ m?s/)
    const balances = await page.locator('.money').innerText()
    const { heddle } = first
    for (const words of ['98 HED', `${formatUnits(BigInt(heddle.charge))} HED`, 'deposit', 'ceiling', 'claimed']) {
      assert.ok(balances.includes(words), `${words} in ${balances}`)
    }
    const answer = await page.locator('.answers article').first().innerText()
    assert.ok(answer.includes(first.choices[0]!.message.content.trim()), answer)
    assert.ok(answer.includes(`${first.usage.completion_tokens} completion token`), answer)
    const whole = await page.locator('body').innerText()
    assert.ok(whole.includes('Everything here is a local chain. Nothing is worth money.'))
    assert.ok(whole.includes('A provider can read what it is sent.'))
    assert.ok(!(await page.content()).includes(house.apiKey), 'the key is not shown')
  })

  await t.test('it keeps itself up to date, and what did not change stays the same element', async () => {
    const link = page.getByRole('link', { name: /Receipt for: Name three/ })
    await link.focus()
    const before = await link.elementHandle()
    await ask(HOSTILE)
    await page.getByText('Who are you?').waitFor()
    assert.ok(await before!.evaluate(element => element.isConnected && element === document.activeElement))
  })

  await t.test('markup in a question is only text', async () => {
    assert.equal(await page.locator('.question').first().innerText(), HOSTILE)
    await assertHarmless()
  })

  await t.test('an answer is what a person sees: its text, and everything else as what it is', async () => {
    const said = first.choices[0]!.message.content
    const stop = said.slice(Math.floor(said.length / 2)).slice(0, 3)
    const message = { messages: [{ role: 'user', content: 'Name three other colours.' }], max_tokens: 24 }
    const response = await chat(house, { ...message, n: 2, stop: [stop, '.', 'a', 'e'] })
    assert.equal(response.status, 200)
    const { choices, heddle } = (await response.json()) as ChatAnswer
    await page.goto(url)
    const shown = page.locator('.answers article').first()
    await page.locator(`a[href="/receipts/${heddle.receipt}"]`).waitFor()
    const text = await shown.innerText()
    assert.ok(!text.includes('\x1e') && !text.includes('"finish"'), text)
    for (const { message } of choices) assert.ok(text.includes(message.content.trim()), text)
    assert.match(text, /ended where “.+” would have come/)
    await page.locator(`a[href="/receipts/${heddle.receipt}"]`).click()
    const whole = await page.locator('.conversation').innerText()
    assert.ok(!whole.includes('\x1e') && !whole.includes('"finish"'), whole)
    await page.goto(url)
  })

  await t.test('a key that is revoked or expired looks so', async () => {
    const call = (path: string, method: string, body?: object) =>
      fetch(`${url}/heddle/1/admin/keys${path}`, {
        method,
        headers: { authorization: `Bearer ${house.run.adminToken}` },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
    await call('', 'POST', { name: 'gone', cap: '1' })
    await call('/gone', 'DELETE')
    await call('', 'POST', { name: 'old', cap: '1', expires: 1 })
    await call('', 'POST', { name: 'gone', cap: '1' })
    for (const words of ['“gone” revoked', '“old” expired']) await page.getByText(words).waitFor()
    const titles = await page.locator('[data-key] h3').allInnerTexts()
    assert.equal(titles.filter(title => /revoked|expired/.test(title)).length, 2, titles.join('; '))
    assert.equal(titles.filter(title => title.includes('“gone”')).length, 2, 'the new key of the same name is another')
  })

  await t.test('it fits a telephone', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    assert.equal(await overflow(page), 0)
  })

  await t.test('a receipt verifies, by keyboard alone', async () => {
    await page.getByRole('link', { name: /Receipt for: <script>/ }).press('Enter')
    const button = page.getByRole('button', { name: 'Verify' })
    await button.press('Enter')
    assert.match(await page.getByRole('status').innerText(), /Verified: 9 checks of 9/)
    assert.deepEqual(await outcomes(page), Array(9).fill('good'))
    assert.equal(await page.locator('[data-role="user"] blockquote').innerText(), HOSTILE)
    await assertHarmless()
    const fields = await page.locator('.fields').innerText()
    for (const words of [
      'Model',
      'Engine',
      'Usage: prompt',
      'Charge',
      'Channel',
      'Sequence',
      'Finish',
      'Started',
      'Provider key',
    ]) {
      assert.ok(fields.includes(words), words)
    }
    assert.equal(await overflow(page), 0)
  })

  await t.test('the receipt can be downloaded', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download receipt' }).click(),
    ])
    const saved = JSON.parse(readFileSync(await download.path(), 'utf8')) as { receipt: { signature: string } }
    assert.match(saved.receipt.signature, /^0x[0-9a-f]{130}$/)
    assert.match(download.suggestedFilename(), /^heddle-receipt-[0-9a-f]{12}\.json$/)
  })

  await t.test('whatever is altered is named, and markup in an answer is only text', async t => {
    for (const { path, value, named } of TAMPERED) {
      await t.test(path, async () => {
        await page.route('**/heddle/1/receipts/*', async route => {
          const response = await route.fetch()
          const stored = await response.json()
          alter(stored, path.split('.'), value)
          await route.fulfill({ response, json: stored })
        })
        await page.goto(`${url}/receipts/${first.heddle.receipt}`)
        await page.getByRole('button', { name: 'Verify' }).click()
        const verdict = await page.getByRole('status').innerText()
        assert.equal(verdict, `✗ Do not trust this receipt. Failed: ${named}.`)
        await assertHarmless()
        await page.unroute('**/heddle/1/receipts/*')
      })
    }
  })

  await t.test('nothing ran, nothing complained, nobody else was asked', async () => {
    await assertHarmless()
    assertQuiet()
  })

  await t.test('a gateway that is away is said to be away, until it is back', async () => {
    const other = (await openWatched(browser, origin)).page
    await other.goto(await pageLink(house.run))
    await other.getByText('Name three colours.').waitFor()
    await other.route('**/heddle/1/**', route => route.abort())
    await other.getByRole('alert').getByText('The gateway does not answer.').waitFor()
    assert.equal(await other.locator('.card .state').first().innerText(), 'down')
    await other.unroute('**/heddle/1/**')
    await until('the alert goes', async () => (await other.getByRole('alert').count()) === 0)
    assert.equal(await other.locator('.card .state').first().innerText(), 'up')
    await other.goto(`${url}/receipts/0x00`)
    await other.getByRole('alert').getByText('holds no such receipt').waitFor()
    await other.close()
  })
})

const outcomes = (page: Page): Promise<(string | null)[]> =>
  page.locator('.checks li').evaluateAll(lines => lines.map(line => line.getAttribute('data-outcome')))
