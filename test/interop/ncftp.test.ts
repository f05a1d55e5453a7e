import { ncftp } from './clients/ncftp.ts'
import { interopSuite } from './suite.ts'

interopSuite(ncftp)
