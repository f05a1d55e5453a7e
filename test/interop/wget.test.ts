import { wget } from './clients/wget.ts'
import { interopSuite } from './suite.ts'

interopSuite(wget)
