const httpVerb =
  /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|PATCH|TRACE|OPTIONS) \S+ HTTP\/[0-9]|^(?:GET|POST|HEAD|CONNECT) /iu

/**
 * The name of the protocol that a line belongs to when it is not FTP. A browser made to send FTP commands inside
 * an HTTP request (ALPACA, cross-protocol scripting) is stopped by its first line; SSH and TLS clients on the
 * wrong port are told so.
 */
export function foreignProtocol(line: Uint8Array, first: boolean): string | undefined {
  if (first && line[0] === 0x16 && line[1] === 0x03)
    return 'TLS (send AUTH TLS first, or use the implicit port)'
  const text = Buffer.from(line.buffer, line.byteOffset, Math.min(line.length, 200)).toString('latin1')
  if (first && text.startsWith('SSH-')) return 'SSH'
  return httpVerb.test(text) ? 'HTTP' : undefined
}
