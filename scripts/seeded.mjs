/**
 * Loaded before a test file (`--import`), so that every property draws the same cases in every run: who changes one thing and sees a
 * test turn red knows that the change did it. A property that names its own seed keeps it. New cases are drawn by what runs without
 * this: one file by its name (`npm test -- ledger`) and the long suites.
 *
 * It answers an import of fast-check with fast-check whose default seed is set, and costs files without properties nothing.
 */
import { registerHooks } from 'node:module'

const SEED = 2_026
const seeded = `data:text/javascript,${encodeURIComponent(`
import fc from 'fast-check'
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: ${SEED} })
export * from 'fast-check'
export { fc as default }
`)}`

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'fast-check') return next(specifier, context)
    // Inside the wrapper the name means the real one, found from here.
    if (context.parentURL === seeded) return next(specifier, { ...context, parentURL: import.meta.url })
    return { url: seeded, shortCircuit: true }
  },
})
