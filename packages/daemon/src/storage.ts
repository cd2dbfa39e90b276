import { HeddleError } from '@heddle/protocol'

const FULL = new Set(['ENOSPC', 'EDQUOT'])
const UNUSABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG', 'EMFILE'])

/**
 * What a file system refused, in words: `disk_full`, or `home_unusable` with the path. Anything else is given back as it
 * was.
 */
export function asStorageError(thrown: unknown): unknown {
  const { code, path, syscall } = (thrown ?? {}) as NodeJS.ErrnoException
  if (typeof code !== 'string' || typeof syscall !== 'string') return thrown
  if (FULL.has(code)) return new HeddleError('disk_full', path ?? syscall, { cause: thrown })
  if (!UNUSABLE.has(code) || path === undefined) return thrown
  return new HeddleError('home_unusable', `${path}: ${WORDS[code] ?? code}`, { cause: thrown })
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not use it',
  EPERM: 'this user may not use it',
  EROFS: 'it is on a file system that is read-only',
  ENOTDIR: 'something on the way to it is a file',
  EISDIR: 'it is a folder, and should be a file',
  EEXIST: 'it is a file, and should be a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'this process has too many files open',
}
