import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

const most = 1000

/** What was typed at earlier prompts, newest first, as readline wants it. */
export function readHistory(): string[] {
  try {
    return readFileSync(place(), 'utf8').split('\n').filter(Boolean).slice(0, most)
  } catch {
    return []
  }
}

/** Keeps what was typed. A URL with a password is nobody's to read later. */
export function keepHistory(lines: readonly string[]): void {
  const kept = lines.filter((line) => !/:\/\/[^\s/@]*:[^\s/]*@/u.test(line)).slice(0, most)
  try {
    mkdirSync(dirname(place()), { recursive: true, mode: 0o700 })
    writeFileSync(place(), `${kept.join('\n')}\n`, { mode: 0o600 })
  } catch {
    // A home that cannot be written to keeps no history, and all else works.
  }
}

function place(): string {
  const state = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state')
  return join(state, 'ferry', 'history')
}
