/* All that is done over FTPS with the npm package basic-ftp: PORT explicit|implicit 1.2|1.3 FOLDER */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'basic-ftp'

const [port = '', mode = '', version = '', folder = ''] = process.argv.slice(2)
const client = new Client(30_000)
try {
  await client.access({
    host: '127.0.0.1',
    port: Number(port),
    user: 'u',
    password: 'p',
    secure: mode === 'implicit' ? 'implicit' : true,
    secureOptions: { rejectUnauthorized: false, maxVersion: version === '1.2' ? 'TLSv1.2' : 'TLSv1.3' },
  })
  const names = (await client.list()).map(({ name }) => name)
  if (!names.includes('there')) throw new Error(`it is not in the listing: ${names.join(' ')}`)
  const [half, whole] = [join(folder, 'half'), join(folder, 'whole')]
  await client.downloadTo(join(folder, 'got'), 'there')
  await client.downloadTo(half, 'there', (await stat(half)).size)
  await client.uploadFrom(whole, 'sent')
  await client.appendFrom(whole, 'sent-half', { localStart: await client.size('sent-half') })
} finally {
  client.close()
}
