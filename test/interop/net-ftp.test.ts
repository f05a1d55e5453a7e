import { netFtp } from './clients/net-ftp.ts'
import { interopSuite } from './suite.ts'

interopSuite(netFtp)
