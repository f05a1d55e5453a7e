import { downloadScenarios } from './download-scenarios.ts'
import { otherScenarios } from './other-scenarios.ts'
import type { FtpScenario } from './script.ts'

/** What FTP clients have broken on, as data: each is a server, something to do there, and how that should end. */
export const ftpScenarios: readonly FtpScenario[] = [...downloadScenarios, ...otherScenarios]
