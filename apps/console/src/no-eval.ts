/**
 * The page's content security policy forbids `eval`. zod would try it once and be refused, which a browser reports as a
 * violation; so it is told beforehand. Imported before everything else, because schemas are made when they are loaded.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } })
