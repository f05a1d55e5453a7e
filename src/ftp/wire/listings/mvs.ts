import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import { remark, type Found, type ReadLine } from './listed.ts'
import type { Heading, Reading } from './reading.ts'
import type { Words } from './words.ts'

/** z/OS: datasets, members of partitioned ones, load modules, and the jobs of JES, told apart by their heading. */
export const mvs: ReadLine = (words, reading) => {
  const heading = headingOf(words)
  if (heading !== undefined) {
    reading.heading = heading
    return remark
  }
  switch (reading.heading) {
    case 'members':
      return member(words, reading) ?? bareMember(words)
    case 'load-modules':
      return loadModule(words) ?? bareMember(words)
    case 'jobs':
      return job(words)
    case 'spool-files':
      return spoolFile(words)
    case 'files':
    case 'directories':
    case 'links':
    case 'tops-20':
    case 'datasets':
    case undefined:
      return dataset(words, reading) ?? member(words, reading) ?? job(words) ?? moduleWithoutHeading(words)
  }
}

const headings: readonly (readonly [RegExp, Heading])[] = [
  [/^\s*Volume\s+Unit\s.*\bDsname\s*$/iu, 'datasets'],
  [/^\s*Name\s+VV\.MM\s+Created\s/iu, 'members'],
  [/^\s*Name\s+Size\s+TTR\s/iu, 'load-modules'],
  [/^\s*JOBNAME\s+JOBID\s/iu, 'jobs'],
  [/^\s*ID\s+STEPNAME\s+PROCSTEP\s/iu, 'spool-files'],
]

function headingOf(words: Words): Heading | undefined {
  if (words.count < 4) return undefined
  const code = words.code(0, 0) | 32
  if (code !== 118 && code !== 110 && code !== 106 && code !== 105) return undefined
  const line = words.line.slice(0, 200)
  return headings.find(([form]) => form.test(line))?.[1]
}

const organisation = /^(?:PS|PO|DA|IS|VS|PSU|POU|DAU|GDG|PS-E|PS-L|PO-E|HFS|ZFS|VSAM|\?{1,2})$/u

/** `WYOSPT 3390   2003/05/21  1  200  FB      80  8053  PS  NAME.OF.IT`. */
function dataset(words: Words, reading: Reading): Found | undefined {
  const last = words.count - 1
  const without =
    /^\s*(?:Migrat(?:ed)?|ARCIVE|Archived|Pseudo Directory|Not Direct Access Device|User catalog connector|Error determining attributes|\S{1,6}\s+(?:Tape|Not Mounted)|GDG)\b.*?\s(\S+)\s*$/iu
  const special = words.count <= 8 ? without.exec(words.line.slice(0, 300)) : null
  if (special) {
    const directory = /^\s*(?:Pseudo|GDG)/iu.test(words.line)
    return {
      name: special[1] ?? '',
      kind: directory ? 'directory' : 'file',
      family: 'mvs',
      confidence: 'sure',
    }
  }
  if ((words.count === 4 || words.count === 2) && words.at(last - 1) === 'VSAM') {
    return { name: words.at(last), kind: 'file', family: 'mvs', confidence: 'sure' }
  }
  if (words.count < 7 || words.count > 11 || !organisation.test(words.at(last - 1))) return undefined
  // More than 99 extents leave no blank: `2010/03/09123`.
  const referred = words.at(2).replace(/^(\d{4}\/\d\d\/\d\d)\d{3}$/u, '$1')
  const day = dayOfWord(referred, reading)
  if (!day && !/^\*+\w*\*+$/u.test(referred)) return undefined
  return {
    name: words.at(last),
    kind: words.at(last - 1).startsWith('PO') ? 'directory' : 'file',
    modified: day && timeOf(day, undefined),
    family: 'mvs',
    confidence: 'sure',
  }
}

/** `NAME  01.03 2002/09/12 2002/10/11 09:37    11    11     0 KIL001`: a member with ISPF statistics. */
function member(words: Words, reading: Reading): Found | undefined {
  if (words.count < 8 || !/^\d\d\.\d\d$/u.test(words.at(1))) return undefined
  const created = dayOfWord(words.at(2), reading)
  const changed = dayOfWord(words.at(3), reading)
  const clock = clockTime(words.at(4))
  if (!created || !changed || !clock) return undefined
  return {
    name: words.at(0),
    kind: 'file',
    modified: timeOf(changed, clock),
    created: timeOf(created, undefined),
    owner: words.at(8),
    family: 'mvs-member',
    confidence: 'sure',
  }
}

function bareMember(words: Words): Found | undefined {
  if (words.count !== 1 || !/^[A-Z@#$\w]{1,8}$/iu.test(words.at(0))) return undefined
  return { name: words.at(0), kind: 'file', family: 'mvs-member', confidence: 'likely' }
}

/** `EZAGACTL  0018B8   000008             00 FO             RN RU            31    ANY`: the size is hexadecimal. */
function loadModule(words: Words): Found | undefined {
  if (words.count < 4 || !/^[\dA-F]{6,8}$/u.test(words.at(1))) return undefined
  return {
    name: words.at(0),
    kind: 'file',
    size: Number.parseInt(words.at(1), 16),
    rounded: true,
    family: 'mvs-load-module',
    confidence: 'sure',
  }
}

/** One that no heading announced shows itself by what it may be loaded for. */
function moduleWithoutHeading(words: Words): Found | undefined {
  const form = /^\S{1,20}\s+[\dA-F]{6,8}\s+[\dA-F]{6}\s.*\s(?:24|31|64|ANY)\s+(?:24|31|64|ANY)\s*$/u
  return words.count > 5 && form.test(words.line.slice(0, 200)) ? loadModule(words) : undefined
}

/** `IBMUSER1  JOB01906  IBMUSER   OUTPUT A        RC=0000 3 spool files`: the id is what can be fetched. */
function job(words: Words): Found | undefined {
  const at =
    words.count < 3 ? -1 : [0, 1, 2].findIndex((at) => /^(?:JOB|TSU|STC|J|T|S)\d{5,7}$/u.test(words.at(at)))
  if (at < 0 || !/\b(?:INPUT|ACTIVE|OUTPUT|HELD)\b/u.test(words.line.slice(0, 300))) return undefined
  const owner = at === 1 && !/^(?:INPUT|ACTIVE|OUTPUT|HELD)$/u.test(words.at(2)) ? words.at(2) : words.at(0)
  return { name: words.at(at), kind: 'file', owner, family: 'jes', confidence: 'sure' }
}

/** `         001 JES2              A JESMSGLG       858`. */
function spoolFile(words: Words): Found | undefined {
  const size = words.number(words.count - 1)
  if (words.count < 4 || words.number(0) === undefined || size === undefined) return undefined
  return { name: words.at(0), kind: 'file', size, rounded: true, family: 'jes', confidence: 'sure' }
}
