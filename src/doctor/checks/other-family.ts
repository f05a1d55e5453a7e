import { familyOf } from '../../core/address.ts'
import type { Findings } from '../findings.ts'
import { inOwnSession } from './begin.ts'
import type { Examination } from './examination.ts'
import { tryPassive } from './passive.ts'

/**
 * Where the name has an address of the other family that takes connections too, a listing over that: firewalls often open
 * passive ports for one of the two alone, and clients take whichever they like.
 */
export async function tryOtherFamily(
  examination: Examination,
  { knocks = [], peer = '', login }: Findings,
): Promise<Partial<Findings>> {
  if (login?.outcome !== 'works') return {}
  const other = knocks.find(
    ({ outcome, address }) => outcome === 'works' && familyOf(address) !== familyOf(peer),
  )
  if (other === undefined) return {}
  const { address } = other
  return inOwnSession<Partial<Findings>>(
    examination,
    address,
    examination.security !== 'clear',
    async (begun) => ({
      otherFamily: { address, ...(await tryPassive(begun.examination, begun.dialogue, 'EPSV')) },
    }),
    () => ({}),
  )
}
