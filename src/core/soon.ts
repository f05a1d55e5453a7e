/** A result that is there, or the promise of one: who can answer at once makes nobody wait for a turn. */
export type Soon<Result> = Result | Promise<Result>

/** Whether it has to be waited for. A store that somebody else has written may come with promises of its own kind. */
export function isLater<Result>(soon: Soon<Result>): soon is Promise<Result> {
  return soon instanceof Promise || (typeof soon === 'object' && soon !== null && 'then' in soon)
}

/** Goes on with a result as soon as it is there: at once, if it is. */
export function soon<Given, Result>(given: Soon<Given>, goOn: (given: Given) => Soon<Result>): Soon<Result> {
  return isLater(given) ? given.then(goOn) : goOn(given)
}

/** The work, or where it fails, what is made of its error: `mend` gives another result, or throws. */
export function mended<Result>(
  work: () => Soon<Result>,
  mend: (thrown: unknown) => Soon<Result>,
): Soon<Result> {
  try {
    const result = work()
    return isLater(result) ? result.catch(mend) : result
  } catch (thrown) {
    return mend(thrown)
  }
}

/** The work, and behind it `end`, whatever became of it. */
export function ended<Result>(work: () => Soon<Result>, end: () => void): Soon<Result> {
  let result: Soon<Result>
  try {
    result = work()
  } catch (thrown) {
    end()
    throw thrown
  }
  if (isLater(result)) return result.finally(end)
  end()
  return result
}
