/** Milliseconds between two looks. */
const BEAT = 200

type Beating = { beat(now: number, late: number): void }

const beating = new Set<Beating>()
let timer: ReturnType<typeof setInterval> | undefined
let last = 0

function look(): void {
  const now = performance.now()
  const late = Math.max(0, now - last - BEAT)
  last = now
  for (const one of beating) one.beat(now, late)
}

/** Looks at every link of this process with one timer: thousands that are idle cost next to nothing. */
export function startBeating(one: Beating): () => void {
  beating.add(one)
  if (!timer) {
    last = performance.now()
    timer = setInterval(look, BEAT)
    // Links keep no program alive: their connections do.
    if (typeof timer === 'object' && 'unref' in timer) timer.unref()
  }
  return () => {
    beating.delete(one)
    if (beating.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}
