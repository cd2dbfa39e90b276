export type Keyed<T> = { key(item: T): string; render(item: T): HTMLElement }

/**
 * Keeps the children of a parent in step with a list, without flicker: an item that did not change keeps its element,
 * and with it the focus and the selection.
 */
export function keepList<T>(parent: HTMLElement, { key, render }: Keyed<T>): (items: readonly T[]) => void {
  let shown = new Map<string, { text: string; made: HTMLElement }>()
  return items => {
    const next = new Map<string, { text: string; made: HTMLElement }>()
    for (const item of items) {
      const text = JSON.stringify(item)
      const before = shown.get(key(item))
      next.set(key(item), before?.text === text ? before : { text, made: render(item) })
    }
    const kept = new Set([...next.values()].map(({ made }) => made))
    for (const child of [...parent.children]) if (!kept.has(child as HTMLElement)) child.remove()
    let place = parent.firstElementChild
    for (const { made } of next.values()) {
      if (made === place) place = place.nextElementSibling
      else parent.insertBefore(made, place)
    }
    shown = next
  }
}
