// Plain JavaScript, like bin/ferry.js: what makes JavaScript of the rest takes half a second to load, and is not needed for
// what the main thread has compiled and kept already.
import { enableCompileCache } from 'node:module'
import { workerData } from 'node:worker_threads'

const { compiled, module } = workerData
if (compiled !== undefined) enableCompileCache(compiled)
await import(module)
