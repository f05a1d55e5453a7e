import { ftplib } from './clients/ftplib.ts'
import { interopSuite } from './suite.ts'

interopSuite(ftplib)
