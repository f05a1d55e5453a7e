import assert from 'node:assert/strict'
import { accessSync, constants, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseServeWords } from '../../src/cli/serving/serve-options.ts'

const project = join(import.meta.dirname, '..', '..')

/** What `npm ci` and `npm run build` make. */
const made = ['dist', 'node_modules']

/** The lines of the Dockerfile that begin with a word, without it. */
function lines(word: string): readonly string[] {
  const text = readFileSync(join(project, 'docs', 'deploy', 'Dockerfile'), 'utf8')
  const found = text.split('\n').filter((line) => line.startsWith(`${word} `))
  assert.ok(found.length > 0, `there is no ${word}`)
  return found.map((line) => line.slice(word.length + 1))
}

function words(word: string): readonly string[] {
  const [line = ''] = lines(word)
  return JSON.parse(line) as string[]
}

test('all that the image takes is there, and its command can be run', () => {
  const taken = lines('COPY').flatMap(
    (line) => /^--from=build \/ferry\/(\S+) \/ferry\/\1$/u.exec(line)?.[1] ?? [],
  )
  assert.ok(taken.length >= 4)
  for (const path of taken.filter((path) => !made.includes(path))) accessSync(join(project, path))
  const [setUp = '', link = ''] = lines('RUN')
  const { scripts, bin } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
    bin: Record<string, string>
  }
  const script = /npm run (\w+)/u.exec(setUp)?.[1] ?? ''
  assert.ok(scripts[script] !== undefined, `package.json has no script ${script}`)
  const [, target = '', name = ''] = /^ln -s \/ferry\/(\S+) \/usr\/local\/bin\/(\w+)/u.exec(link) ?? []
  assert.deepEqual([target, [name]], [bin[name], words('ENTRYPOINT')])
  accessSync(join(project, target), constants.X_OK)
})

test("the image's words are those of ferry serve, and its ports the ones that it opens", () => {
  const [verb, ...rest] = words('CMD')
  assert.equal(verb, 'serve')
  const wish = parseServeWords(rest)
  assert.ok(typeof wish.passive === 'object')
  const { first, last } = wish.passive
  assert.deepEqual(lines('EXPOSE'), [`${wish.ftpPort} ${wish.sftpPort} ${first}-${last}`])
  assert.deepEqual(lines('VOLUME'), [`${wish.directory} ${wish.data}`])
})

test('nothing that is made here goes into the build', () => {
  const ignored = readFileSync(join(project, '.dockerignore'), 'utf8').split('\n')
  for (const path of [...made, '.git', 'bench/.peers']) assert.ok(ignored.includes(path), path)
})
