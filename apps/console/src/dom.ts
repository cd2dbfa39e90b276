export type Child = Node | string | null | undefined | false

/**
 * Makes an element. Strings become text nodes and never markup: whatever an answer holds, it is only shown. Attribute
 * names and link targets come from this program.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  for (const child of children) if (child) made.append(child)
  return made
}

/** The element that index.html holds. */
export function find(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`index.html has no #${id}`)
  return found
}

/** One word and what it stands for, as rows of a description list. */
export const rows = (...pairs: readonly (readonly [string, Child] | false)[]): HTMLDListElement =>
  element(
    'dl',
    {},
    ...pairs.map(pair => pair && element('div', {}, element('dt', {}, pair[0]), element('dd', {}, pair[1]))),
  )

/** A section with its heading, which also names it for whoever cannot see it. */
export function section(id: string, title: string, ...children: readonly Child[]): HTMLElement {
  return element(
    'section',
    { 'aria-labelledby': `${id}-title`, class: id },
    element('h2', { id: `${id}-title` }, title),
    ...children,
  )
}
