/** Does a job so often, in so many lanes at once. */
export async function inLanes(count: number, lanes: number, job: () => Promise<void>): Promise<void> {
  let left = count
  const lane = async () => {
    while (left > 0) {
      left -= 1
      await job()
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
