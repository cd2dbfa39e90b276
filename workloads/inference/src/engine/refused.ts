/** Why the engine does not run a job: one of the catalogue's codes, as far as a job itself can be at fault. */
export type RefusalCode = 'context_exceeded' | 'bad_request' | 'unsupported_field'

/** Thrown in the engine's process, which knows no HeddleError; the daemon makes one of it. `param` names the field. */
export class Refused extends Error {
  readonly code: RefusalCode
  readonly param: string | undefined
  constructor(code: RefusalCode, message: string, param?: string) {
    super(message)
    this.code = code
    this.param = param
  }
}
