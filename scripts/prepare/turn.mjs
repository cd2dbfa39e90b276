import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** Milliseconds between two looks, and between two lines about it. */
const LOOK = 200
const LINE = 5_000
/** How long a file may be without its text: the one that makes it writes at once. */
const UNWRITTEN = 10_000

/**
 * Waits until nobody else prepares this clone, then says that this process does: its pid, and those of what it starts. What
 * a process left behind that was killed is ended first. `tell` names the one that is started; `end` gives the turn on.
 */
export async function takeTurn(file, { say, signal }) {
  const mine = { pid: process.pid, born: bornAt(process.pid) }
  const begun = Date.now()
  let said = Number.NEGATIVE_INFINITY
  for (;;) {
    signal.throwIfAborted()
    const made = make(file, mine)
    if (made === 'taken') break
    // Where nothing can be written nothing is prepared either: what is whole can be used.
    if (made === 'unwritable') return { tell() {}, end() {} }
    const other = read(file)
    if (other && isAlive(other)) {
      if (Date.now() - said >= LINE) {
        const seconds = Math.round((Date.now() - begun) / 1_000)
        say(`Another start makes this clone ready (process ${other.pid}): waiting for it, ${seconds} s so far`)
        said = Date.now()
      }
      await look(signal)
    } else if (other) {
      await endLeftover(other.child)
      takeAway(file, other)
    } else if (age(file) > UNWRITTEN) rmSync(file, { force: true })
    else await look(signal)
  }
  return {
    tell: child => writeFileSync(file, text({ ...mine, child: child && { pid: child, born: bornAt(child) } })),
    end: () => rmSync(file, { force: true }),
  }
}

/** A moment; it ends at once, with the reason, when this process is told to end. */
async function look(signal) {
  await pause(LOOK, undefined, { signal }).catch(() => undefined)
  signal.throwIfAborted()
}

const text = turn => `${JSON.stringify(turn)}\n`

function make(file, mine) {
  try {
    writeFileSync(file, text(mine), { flag: 'wx' })
    return 'taken'
  } catch (error) {
    if (error.code === 'EEXIST') return 'held'
    if (['EACCES', 'EROFS', 'EPERM'].includes(error.code)) return 'unwritable'
    throw error
  }
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function age(file) {
  try {
    return Date.now() - statSync(file).mtimeMs
  } catch {
    return 0
  }
}

/** Of several that see a dead one's file, one takes it away; who caught another's by that puts it back. */
function takeAway(file, dead) {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  const caught = read(aside)
  if (caught && (caught.pid !== dead.pid || caught.born !== dead.born)) renameSync(aside, file)
  else rmSync(aside, { force: true })
}

async function endLeftover(child) {
  if (!child || !isAlive(child)) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
  while (isAlive(child)) await pause(LOOK)
}

/** Whether a process is still that one, and not another one with its number. */
function isAlive({ pid, born }) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error.code !== 'EPERM') return false
  }
  return born === bornAt(pid) && !isZombie(pid)
}

/** When a process began, in whatever words its system has for it; nothing where it has none. */
function bornAt(pid) {
  const fields = statFields(pid)
  if (fields) return fields[19]
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return ''
  }
}

const isZombie = pid => statFields(pid)?.[0] === 'Z'

/** What Linux says of a process, from its state on (proc_pid_stat(5): the name before may hold blanks and brackets). */
function statFields(pid) {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return line.slice(line.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
