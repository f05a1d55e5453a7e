import { inetutils } from './clients/inetutils.ts'
import { interopSuite } from './suite.ts'

interopSuite(inetutils)
