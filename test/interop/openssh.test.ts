import assert from 'node:assert/strict'
import { lstat, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { programVersion, runProgram } from './program.ts'
import { makeFile, sha256 } from './scene.ts'
import { sftpPlace, type SftpPlace } from './ssh/sftp-place.ts'

const version = programVersion('ssh', { words: ['-V'] })
const skip = version === undefined ? 'OpenSSH is not installed (apt-get install openssh-client)' : false

let place: SftpPlace
before(async () => {
  if (version !== undefined) place = await sftpPlace()
})
after(async () => {
  await place?.[Symbol.asyncDispose]()
})

const common = '-F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null'
  .concat(' -o IdentitiesOnly=yes -o BatchMode=yes -o LogLevel=VERBOSE')
  .split(' ')

/** Logs in, asks for the subsystem, says what belongs to SFTP's first message, and goes. */
async function ssh(...words: string[]): Promise<void> {
  const target = ['-p', place.port, '-i', place.key('ed25519'), ...words, '-s', 'u@127.0.0.1', 'sftp']
  const input = Buffer.from([0, 0, 0, 5, 1, 0, 0, 0, 3])
  const ended = await runProgram('ssh', [...common, ...target], { folder: place.folder, input })
  assert.equal(ended.code, 0, `${ended.command}\n${ended.printed}`)
}

const algorithms = {
  KexAlgorithms: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
  ],
  HostKeyAlgorithms: ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-256', 'rsa-sha2-512'],
  Ciphers: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'chacha20-poly1305@openssh.com',
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
  ],
} as const

for (const [option, names] of Object.entries(algorithms)) {
  for (const name of names) {
    test(`OpenSSH's ssh: ${option} ${name}`, { skip }, async () => {
      await ssh('-o', `${option}=${name}`)
      assert.ok(place.agreed.at(-1)?.includes(name), place.agreed.at(-1))
      assert.ok(place.agreed.at(-1)?.includes('strict'), 'strict key exchange is agreed on')
    })
  }
}

for (const mac of [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
]) {
  test(`OpenSSH's ssh: MACs ${mac}`, { skip }, async () => {
    await ssh('-o', 'Ciphers=aes128-ctr', '-o', `MACs=${mac}`)
    assert.ok(place.agreed.at(-1)?.endsWith(`MAC ${mac}`), place.agreed.at(-1))
  })
}

for (const kind of ['ed25519', 'ecdsa', 'rsa'] as const) {
  test(`OpenSSH's ssh: logs in with a key of the kind ${kind}`, { skip }, async () => {
    await ssh('-o', 'IdentityFile=none', '-i', place.key(kind))
  })
}

for (const cipher of ['aes128-gcm@openssh.com', 'chacha20-poly1305@openssh.com', 'aes256-ctr']) {
  test(
    `OpenSSH's sftp: 20 MiB up and down by ${cipher}, keys anew every MiB from both sides`,
    { skip },
    async () => {
      await using busy = await sftpPlace({ rekey: { bytes: 1024 * 1024 } })
      const local = join(place.folder, `local-${cipher}`)
      await makeFile(local, 20 * 1024 * 1024)
      const words = [
        '-P',
        busy.port,
        '-i',
        busy.key('ed25519'),
        '-c',
        cipher,
        '-o',
        'RekeyLimit=1M',
        '-b',
        '-',
      ]
      const input = `put ${local} up\nget up ${local}.back\n`
      const ended = await runProgram('sftp', [...common, ...words, 'u@127.0.0.1'], {
        folder: place.folder,
        input,
      })
      assert.equal(ended.code, 0, `${ended.command}\n${ended.printed}`)
      assert.equal(await sha256(join(busy.folder, 'up')), await sha256(local))
      assert.equal(await sha256(`${local}.back`), await sha256(local))
    },
  )
}

test("OpenSSH's ssh: a shell, a command and forwarding are refused, and it says so", { skip }, async () => {
  const words = [...common, '-p', place.port, '-i', place.key('ed25519')]
  const shell = await runProgram('ssh', [...words, 'u@127.0.0.1'], { folder: place.folder })
  assert.match(shell.printed, /shell request failed/)
  const command = await runProgram('ssh', [...words, 'u@127.0.0.1', 'id'], { folder: place.folder })
  assert.match(command.printed, /exec request failed/)
  const jump = await runProgram('ssh', [...words, '-W', '127.0.0.1:22', 'u@127.0.0.1'], {
    folder: place.folder,
  })
  assert.match(jump.printed, /not allowed here/)
})

test(
  "OpenSSH's ssh: an old kex that is off for everybody finds nothing in common, and both lists are told",
  { skip },
  async () => {
    const words = [...common, '-p', place.port, '-o', 'KexAlgorithms=diffie-hellman-group14-sha1']
    const ended = await runProgram('ssh', [...words, 'u@127.0.0.1'], { folder: place.folder })
    assert.equal(ended.code, 255)
    assert.match(ended.printed, /no matching key exchange method found/)
    await using old = await sftpPlace({
      legacy: [{ network: '127.0.0.0/8', names: ['diffie-hellman-group14-sha1'] }],
    })
    const again = [
      ...common,
      '-p',
      old.port,
      '-i',
      old.key('rsa'),
      '-o',
      'KexAlgorithms=diffie-hellman-group14-sha1',
    ]
    const input = Buffer.from([0, 0, 0, 5, 1, 0, 0, 0, 3])
    const taken = await runProgram('ssh', [...again, '-s', 'u@127.0.0.1', 'sftp'], {
      folder: old.folder,
      input,
    })
    assert.equal(taken.code, 0, taken.printed)
  },
)

const oldAlgorithms = {
  KexAlgorithms: ['diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  HostKeyAlgorithms: ['ssh-rsa'],
  PubkeyAcceptedAlgorithms: ['ssh-rsa'],
  Ciphers: ['aes128-cbc', 'aes256-cbc', '3des-cbc'],
  MACs: ['hmac-sha1'],
} as const

test(
  "OpenSSH's ssh: old algorithms, each for the network and the user that it is on for",
  { skip },
  async () => {
    const names = Object.values(oldAlgorithms).flat()
    await using old = await sftpPlace({ legacy: [{ network: '127.0.0.0/8', user: 'u', names }] })
    const input = Buffer.from([0, 0, 0, 5, 1, 0, 0, 0, 3])
    const run = (user: string, ...words: string[]) =>
      runProgram(
        'ssh',
        [...common, '-p', old.port, '-i', old.key('rsa'), ...words, '-s', `${user}@127.0.0.1`, 'sftp'],
        {
          folder: old.folder,
          input,
        },
      )
    for (const [option, values] of Object.entries(oldAlgorithms)) {
      for (const value of values) {
        const mac = option === 'MACs' ? ['-o', 'Ciphers=aes128-ctr'] : []
        const ended = await run('u', '-o', `${option}=${value}`, ...mac)
        assert.equal(ended.code, 0, ended.printed)
        if (option !== 'PubkeyAcceptedAlgorithms')
          assert.ok(old.agreed.at(-1)?.includes(value), old.agreed.at(-1))
      }
    }
    const other = await run('somebody', '-o', 'Ciphers=aes128-cbc')
    assert.notEqual(other.code, 0)
    assert.ok(
      old.events.some(
        (event) => event.kind === 'said' && /aes128-cbc is on for this network/u.test(event.line),
      ),
    )
    await using strict = await sftpPlace({ legacy: [{ network: '10.0.0.0/8', names }] })
    const refused = await runProgram(
      'ssh',
      [
        ...common,
        '-p',
        strict.port,
        '-i',
        strict.key('rsa'),
        '-o',
        'PubkeyAcceptedAlgorithms=ssh-rsa',
        'u@127.0.0.1',
      ],
      { folder: strict.folder },
    )
    assert.match(refused.printed, /Permission denied|sign_and_send_pubkey/u)
  },
)

test(
  "OpenSSH's sftp: df tells the room, ln makes both kinds of links, and -f puts a file where no crash takes it",
  { skip },
  async () => {
    await writeFile(join(place.folder, 'known'), 'what is here')
    const words = ['-q', '-P', place.port, '-i', place.key('ed25519'), '-b', '-', 'u@127.0.0.1']
    const lines = [
      'df -h /',
      'df -i /',
      'ln known hard',
      'ln -s known soft',
      'ls -l',
      `put -f ${join(place.folder, 'known')} synced`,
    ]
    const ended = await runProgram('sftp', [...common, ...words], {
      folder: place.folder,
      input: `${lines.join('\n')}\n`,
    })
    assert.equal(ended.code, 0, ended.printed)
    assert.match(ended.printed, /Size +Used +Avail/u)
    const [hard, soft] = await Promise.all(['hard', 'soft'].map((name) => lstat(join(place.folder, name))))
    assert.ok(hard?.nlink === 2 && soft?.isSymbolicLink())
    assert.equal(await readFile(join(place.folder, 'synced'), 'utf8'), 'what is here')
  },
)
