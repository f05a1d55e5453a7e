import type { Place } from '../interop-client.ts'

/** A URL for clients that take one; the password goes another way. */
export function ftpUrl({ host, port }: Place, path: string): string {
  const authority = host.includes(':') ? `[${host}]` : host
  return `ftp://${authority}:${port}${path.split('/').map(encodeURIComponent).join('/')}`
}
