import { curl } from './clients/curl.ts'
import { interopSuite } from './suite.ts'

interopSuite(curl)
