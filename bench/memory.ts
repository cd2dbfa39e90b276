import { readFileSync } from 'node:fs'

/** A process and everything below it. */
export function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)
  return [pid, ...children.flatMap(family)]
}

/** MB of PSS, without what is mapped from model files. */
export function memoryOf(pids: readonly number[]): number {
  let kilobytes = 0
  for (const pid of pids) {
    let model = false
    for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
      if (/^[0-9a-f]+-[0-9a-f]+ /.test(line)) model = line.endsWith('.gguf')
      else if (!model && line.startsWith('Pss:')) kilobytes += Number(/\d+/.exec(line)![0])
    }
  }
  return (kilobytes * 1024) / 1e6
}
