import { tnftp } from './clients/tnftp.ts'
import { interopSuite } from './suite.ts'

interopSuite(tnftp)
