import { inference } from '@heddle/inference/workload'
import type { Workload } from '@heddle/protocol'

/** Every workload's pure face, by kind: a new workload adds a line. */
export const workloads: ReadonlyMap<string, Workload<unknown>> = new Map(
  [inference].map(workload => [workload.kind, workload as unknown as Workload<unknown>]),
)
