import { basicFtp } from './clients/basic-ftp.ts'
import { interopSuite } from './suite.ts'

interopSuite(basicFtp)
