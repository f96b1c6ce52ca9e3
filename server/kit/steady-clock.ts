/** A clock that was set back by more is followed: what it says would stand still until the old time comes again. */
const HELD_MAX_MS = 2 * 60_000;

/** A clock that does not go back while facts are made by it. */
export interface SteadyClock {
  /** Unix milliseconds; the same as before for as long as the clock beneath has been set back by less than two minutes. */
  now(): number;
  /** The clock beneath, as it is. */
  raw(): number;
  /** What comes is not from before this moment, if it is less than two minutes ahead. */
  raise(ms: number): void;
}

export function createSteadyClock(raw: () => number): SteadyClock {
  let least = 0;
  const now = () => {
    const ms = raw();
    if (ms >= least || least - ms > HELD_MAX_MS) least = ms;
    return least;
  };
  return {
    now,
    raw,
    raise: (ms) => {
      if (ms > now() && ms - raw() <= HELD_MAX_MS) least = ms;
    },
  };
}
