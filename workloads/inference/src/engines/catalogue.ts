import type { Digest } from '@heddle/protocol'
import type { Audit } from '../guard/audit.ts'
import type { EngineModel } from './adapter.ts'
import { isCloudName, isModelName, nameOfPath } from './names.ts'
import type { EngineSettings } from './settings.ts'

/** A model that is offered: its public name, and what stands behind it. */
export type OfferedModel = { name: string; model: EngineModel }

/** Which of an engine's models are served now. */
export type Catalogue = {
  /** Takes in what the engine says that it has. */
  update(models: readonly EngineModel[]): void
  served(): readonly OfferedModel[]
  find(serves: { name: string; digest: Digest }): OfferedModel | undefined
  /** Public names whose weights are not the allowed ones any more, with what they are now. */
  withdrawn(): readonly string[]
}

/**
 * Only allowed weights are served: those of the operator's list, or without one those that were there first. A model
 * whose weights change while it is served is withdrawn, until the allowed ones are back.
 */
export function startCatalogue(settings: Pick<EngineSettings, 'models' | 'allow'>, audit: Audit): Catalogue {
  const { models: names, allow } = settings
  const first = new Map<string, Digest>()
  let served: OfferedModel[] = []
  let withdrawn: string[] = []
  const told = new Set<string>()

  function refuse(local: string, digest: Digest): void {
    const key = `${local} ${digest}`
    if (!told.has(key)) audit.refused({ rule: 'digest', code: 'model_withdrawn', about: key })
    told.add(key)
  }
  function isAllowed({ local, digest }: EngineModel): boolean {
    if (allow) return allow.includes(digest)
    if (!first.has(local)) first.set(local, digest)
    return first.get(local) === digest
  }
  return {
    update(models) {
      const before = served
      served = []
      withdrawn = []
      for (const model of models) {
        const name = names ? names[model.local] : nameOf(model.local)
        // A public name of a cloud model would promise another machine's answers.
        if (!name || !isModelName(name) || isCloudName(name) || model.features.length === 0) continue
        if (isAllowed(model)) served.push({ name, model })
        else {
          refuse(model.local, model.digest)
          withdrawn.push(`${name}: its weights are ${model.digest}`)
        }
      }
      const gone = before.filter(({ name }) => !served.some(one => one.name === name))
      for (const { name } of gone)
        if (!withdrawn.some(one => one.startsWith(`${name}:`))) withdrawn.push(`${name}: the engine has it no more`)
    },
    served: () => served,
    find: serves => served.find(({ name, model }) => name === serves.name && model.digest === serves.digest),
    withdrawn: () => withdrawn,
  }
}

const nameOf = (local: string): string => (isModelName(local) && !local.endsWith('.gguf') ? local : nameOfPath(local))
