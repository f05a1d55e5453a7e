import type { Certificate, TlsIdentity } from './tls.ts'

/** The certificate for a host name, `*.example.org` included; undefined: none is for it in particular. */
export function certificateFor({ others = [] }: TlsIdentity, name: string): Certificate | undefined {
  const wanted = name.toLowerCase()
  const domain = wanted.replace(/^[^.]+/u, '*')
  return others.find(({ names }) => names.includes(wanted) || names.includes(domain))?.certificate
}
