import { lftp } from './clients/lftp.ts'
import { interopSuite } from './suite.ts'

interopSuite(lftp)
