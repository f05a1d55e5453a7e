import type { DataMode } from '../options.ts'

/** One way to a data connection. */
export type Way = 'EPSV' | 'PASV' | 'EPRT' | 'PORT'

/** The ways that a mode allows, in the order in which they are tried. */
export function waysOf(mode: DataMode): readonly Way[] {
  switch (mode) {
    case 'auto':
      return ['EPSV', 'PASV', 'EPRT', 'PORT']
    case 'passive':
      return ['EPSV', 'PASV']
    case 'active':
      return ['EPRT', 'PORT']
    case 'epsv':
      return ['EPSV']
    case 'pasv':
      return ['PASV']
    case 'eprt':
      return ['EPRT']
    case 'port':
      return ['PORT']
  }
}
